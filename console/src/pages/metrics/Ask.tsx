import { Button, DatePicker, Input, Select, Table } from 'antd';
import dayjs from 'dayjs';
import { useMemo, useState } from 'react';

import type { MetricAnswer, MetricDefinition, MetricRow } from '../../api/answers';
import { type MetricQuestion, useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { addDays } from '../../format/days';
import { useTexts } from '../../i18n';
import { Command } from '../../parts/Command';
import { Defined, Mark } from '../../parts/Definition';
import { Panel } from '../../parts/Panel';

/** Asks the metric, any way that it can be asked. */
export function Ask({ metric }: { metric: MetricDefinition }) {
  const { t, word } = useTexts();
  const { market } = useMarket();
  const [question, setQuestion] = useState<MetricQuestion>({ limit: 200 });
  const [by, setBy] = useState<string[]>([]);
  const [where, setWhere] = useState('');
  const [days, setDays] = useState<[string, string] | undefined>(undefined);
  const { data, error, isPending, refetch, isFetching } = useMetric(market, metric.id, question);
  const compute = () =>
    setQuestion({
      limit: 200,
      ...(by.length > 0 && { by: by.join(',') }),
      ...(where.trim() && { where: where.trim() }),
      ...(days && { from: days[0], to: addDays(days[1], 1) }),
    });
  const columns = useMemo(() => Object.keys(data?.rows[0] ?? {}), [data]);
  const ordered = data ? [...data.by.filter((d) => columns.includes(d)), ...columns.filter((c) => !data.by.includes(c) && c !== 'value'), ...(columns.includes('value') ? ['value'] : [])] : [];
  const command = ['laotie metric', metric.id, market === 'main' ? '' : `--market ${market}`, question.from && `--from ${question.from} --to ${question.to}`, question.by && `--by ${question.by}`, question.where && `--where '${question.where}'`]
    .filter(Boolean)
    .join(' ');
  return (
    <Panel
      testId="ask"
      title={t('metrics.ask')}
      csv={data && { name: `${metric.id}-${data.from}-${data.to}`, columns: [...ordered, 'currency', 'version', 'final_through'], rows: data.rows.map((r) => [...ordered.map((c) => r[c]), data.currency, data.version, data.maturity.final_through]) }}
    >
      <div className="controls" style={{ marginBottom: 12 }}>
        <DatePicker.RangePicker
          value={days ? [dayjs(days[0]), dayjs(days[1])] : null}
          onChange={(picked) => setDays(picked?.[0] && picked[1] ? [picked[0].format('YYYY-MM-DD'), picked[1].format('YYYY-MM-DD')] : undefined)}
        />
        <Select
          mode="multiple"
          allowClear
          style={{ minWidth: 180 }}
          placeholder={t('metrics.ask.by')}
          aria-label={t('metrics.ask.by')}
          value={by}
          onChange={setBy}
          options={metric.dimensions.map((d) => ({ value: d, label: word('dimension', d) ?? d }))}
        />
        <Input
          style={{ width: 240 }}
          placeholder={t('metrics.ask.where')}
          aria-label={t('metrics.ask.where')}
          value={where}
          onChange={(event) => setWhere(event.target.value)}
          onPressEnter={compute}
          allowClear
        />
        <Button type="primary" loading={isFetching} onClick={compute}>{t('metrics.ask.go')}</Button>
      </div>
      <Panel title={t('metrics.ask.result')} loading={isPending} problem={error} retry={() => void refetch()} empty={data?.rows.length === 0} foot={data && <><Defined answer={data} /><Mark answer={data} /></>}>
        {data && <Result answer={data} columns={ordered} />}
      </Panel>
      <p className="soft small" style={{ margin: '12px 0 4px' }}>{t('metrics.ask.command')}</p>
      <div><Command text={command} /></div>
    </Panel>
  );
}

function Result({ answer, columns }: { answer: MetricAnswer; columns: string[] }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const shown = (name: string, cell: MetricRow[string] | undefined) => {
    if (cell === null || cell === undefined) return <span className="soft">–</span>;
    if (typeof cell === 'number') {
      if (name === 'value') return formats.value(cell, answer.unit, answer.currency);
      return name.endsWith('_minor') ? formats.money(cell, answer.currency) : formats.count(cell);
    }
    const known = name === 'segment' ? word('segment', cell) : undefined;
    return known ?? <span data-user-content>{cell}</span>;
  };
  return (
    <>
      <Table
        size="small"
        rowKey={(row) => answer.by.map((d) => row[d]).join('|')}
        dataSource={answer.rows}
        pagination={answer.rows.length > 20 ? { pageSize: 20, showSizeChanger: false, size: 'small' } : false}
        scroll={{ x: 'max-content' }}
        columns={columns.map((name) => ({
          key: name,
          title: word('dimension', name) ?? <span data-user-content>{name}</span>,
          align: typeof answer.rows[0]?.[name] === 'number' ? ('right' as const) : undefined,
          render: (row: MetricRow) => shown(name, row[name]),
        }))}
      />
      {answer.truncated && <p className="soft small">{t('metrics.ask.truncated', { rows: answer.rows.length })}</p>}
    </>
  );
}
