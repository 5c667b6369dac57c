import { Button, Empty, Input, InputNumber, Table, type TableColumnsType } from 'antd';
import { type FormEvent, useState } from 'react';

import type { RecordedFact } from '../api/answers';
import { useFacts, useStatus } from '../api/queries';
import { useFormats, useMarket } from '../app/market';
import { setQuery, usePlace } from '../app/router';
import { useTexts } from '../i18n';
import { FactDetail } from '../parts/FactDetail';
import { PageHead } from '../parts/PageHead';
import { CsvButton } from '../parts/Panel';
import { ProblemNote } from '../parts/ProblemNote';
import { Waiting } from '../parts/Waiting';

const names = ['kind', 'source', 'key', 'subject'] as const;
const limit = 50;

/** The journal, page by page; where it stands and what is asked live in the address. */
export default function Facts() {
  const { t } = useTexts();
  const { market, time_zone: zone } = useMarket();
  const formats = useFormats();
  const { query } = usePlace();
  const status = useStatus(market);
  const filter = Object.fromEntries(names.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])));
  const filtered = Object.keys(filter).length > 0;
  const total = status.data?.facts;
  // Without a question the newest facts are what people look for.
  const latest = Math.max(0, (total ?? 0) - limit);
  const after = query.get('after') ?? (filtered ? '0' : String(latest));
  const asked = useFacts(market, { ...filter, after, limit }, filtered || total !== undefined);
  const found = asked.data?.items ?? [];
  const items = filtered ? found : [...found].reverse();
  const go = (to: string | undefined) => setQuery({ after: to }, { replace: false });

  const columns: TableColumnsType<RecordedFact> = [
    { title: t('facts.seq'), dataIndex: 'seq', align: 'right', width: 84, render: (seq: number) => <span className="number">{seq}</span> },
    { title: t('facts.kind'), dataIndex: 'kind', render: (kind: string) => <a className="mono" data-user-content href={`?kind=${kind}`} onClick={(event) => { event.preventDefault(); setQuery({ kind, after: undefined }); }}>{kind}</a> },
    { title: t('facts.at'), dataIndex: 'at', className: 'number', render: (at: string) => formats.time(at) },
    { title: t('facts.seen'), dataIndex: 'seen', className: 'number', render: (seen: string) => formats.time(seen) },
    { title: t('facts.source'), dataIndex: 'source', render: (source: string) => <span data-user-content>{source}</span> },
    { title: t('facts.key'), dataIndex: 'key', render: (key: string) => <span className="mono" data-user-content>{key}</span> },
  ];
  return (
    <>
      <PageHead title={t('facts.title')} sub={t('facts.sub')} />
      <section className="panel" data-testid="facts">
        <Filters key={names.map((n) => query.get(n)).join('|')} />
        <div className="panel-head" style={{ marginTop: 12, alignItems: 'center' }}>
          <div className="grow sub">
            {items.length > 0 && <>{t('facts.range', { first: found[0]?.seq ?? 0, last: found.at(-1)?.seq ?? 0 })} · {t(filtered ? 'facts.order.old' : 'facts.order.new')}</>}
            {zone && <> · {t('common.market_time', { zone: '' })}<span data-user-content>{zone}</span></>}
          </div>
          <InputNumber
            size="small"
            min={1}
            max={total}
            placeholder={t('facts.from')}
            aria-label={t('facts.from')}
            onPressEnter={(event) => go(String(Math.max(0, Number((event.target as HTMLInputElement).value) - 1)))}
          />
          {!filtered && <Button size="small" onClick={() => go(undefined)}>{t('facts.latest')}</Button>}
          <Button size="small" disabled={!asked.data?.next} onClick={() => go(asked.data?.next ?? undefined)}>{t(filtered ? 'facts.next' : 'facts.newer')}</Button>
          {!filtered && <Button size="small" disabled={Number(after) === 0} onClick={() => go(String(Math.max(0, Number(after) - limit)))}>{t('facts.older')}</Button>}
          <Button size="small" onClick={() => go('0')}>{t('facts.first')}</Button>
          <CsvButton
            table={{
              name: `facts-${market}`,
              columns: ['seq', 'kind', 'at', 'seen', 'source', 'key', 'body', 'hash'],
              rows: items.map((f) => [f.seq, f.kind, f.at, f.seen, f.source, f.key, JSON.stringify(f.body), f.hash]),
            }}
          />
        </div>
        {asked.error ? (
          <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />
        ) : asked.isPending ? (
          <Waiting />
        ) : (
          <Table
            size="small"
            rowKey="seq"
            columns={columns}
            dataSource={items}
            pagination={false}
            loading={asked.isPlaceholderData}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('empty.facts')} /> }}
            expandable={{ expandedRowRender: (fact) => <FactDetail fact={fact} />, expandRowByClick: true }}
          />
        )}
      </section>
    </>
  );
}

function Filters() {
  const { t } = useTexts();
  const { query } = usePlace();
  const [values, setValues] = useState(() => Object.fromEntries(names.map((name) => [name, query.get(name) ?? ''])));
  const labels = { kind: t('facts.kind'), source: t('facts.source'), key: t('facts.key'), subject: t('facts.subject') };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    setQuery({ ...values, after: undefined }, { replace: false });
  };
  return (
    <form className="controls" onSubmit={apply}>
      {names.map((name) => (
        <Input
          key={name}
          allowClear
          style={{ width: name === 'subject' ? 230 : 170 }}
          value={values[name]}
          placeholder={labels[name]}
          aria-label={labels[name]}
          onChange={(event) => setValues({ ...values, [name]: event.target.value.trim() })}
        />
      ))}
      <Button htmlType="submit" type="primary">{t('common.apply')}</Button>
      {names.some((name) => query.get(name)) && (
        <Button onClick={() => setQuery(Object.fromEntries([...names, 'after'].map((name) => [name, undefined])))}>{t('common.reset')}</Button>
      )}
    </form>
  );
}
