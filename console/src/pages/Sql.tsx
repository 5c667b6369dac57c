import { PlayCircleOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Empty, Input, Table } from 'antd';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';

import type { SqlAnswer } from '../api/answers';
import { askSql } from '../api/queries';
import { useFormats, useMarket } from '../app/market';
import { type TextKey, useTexts } from '../i18n';
import { PageHead } from '../parts/PageHead';
import { CsvButton } from '../parts/Panel';
import { ProblemNote } from '../parts/ProblemNote';

const limit = 1_000;

const examples: [TextKey, string][] = [
  ['sql.example.days', 'select date, count(*) as orders, sum(paid_minor) as gmv_minor\nfrom order_paid\ngroup by date\norder by date desc'],
  ['sql.example.regions', 'select region, count(*) as orders, sum(paid_minor) as gmv_minor\nfrom order_paid\ngroup by region\norder by orders desc'],
  ['sql.example.kinds', 'select kind, count(*) as facts\nfrom facts\ngroup by kind\norder by facts desc'],
];

const schema = `select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`;

/** A read-only question in SQL, with the tables at hand. */
export default function Sql() {
  const { t } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const [text, setText] = useState(examples[0]?.[1] ?? '');
  const stop = useRef<AbortController | undefined>(undefined);
  const run = useMutation({
    mutationFn: async (query: string) => {
      stop.current = new AbortController();
      const began = performance.now();
      const answer = await askSql(market, query, limit, stop.current.signal);
      return { answer, ms: Math.round(performance.now() - began) };
    },
  });
  const go = () => text.trim() && run.mutate(text);
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go();
    }
  };
  const stopped = run.error instanceof DOMException;
  const answer = run.data?.answer;
  return (
    <>
      <PageHead title={t('sql.title')} sub={t('sql.sub')} />
      <div className="split">
        <Tables onPick={(name) => setText((before) => `${before}${/\s$/.test(before) || before === '' ? '' : ' '}${name}`)} />
        <div className="stack">
          <section className="panel">
            <div className="controls" style={{ marginBottom: 10 }}>
              <span className="soft small">{t('sql.examples')}</span>
              {examples.map(([title, query]) => <Button key={title} size="small" onClick={() => setText(query)}>{t(title)}</Button>)}
            </div>
            <Input.TextArea
              className="mono"
              autoSize={{ minRows: 6, maxRows: 18 }}
              spellCheck={false}
              aria-label={t('sql.editor')}
              data-user-content
              data-testid="sql"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={keys}
            />
            <div className="controls" style={{ marginTop: 10 }}>
              <Button type="primary" icon={<PlayCircleOutlined />} loading={run.isPending} onClick={go}>{t('sql.run')}</Button>
              {run.isPending && <Button onClick={() => stop.current?.abort()}>{t('sql.stop')}</Button>}
              <span className="soft small wide-only">{t('sql.run.hint')}</span>
              <span className="grow" />
              <span className="soft small">{t('sql.unversioned')}</span>
            </div>
          </section>
          <section className="panel" data-testid="sql-result">
            {run.error && !stopped ? (
              <ProblemNote problem={run.error} />
            ) : answer && run.data ? (
              <>
                <div className="panel-head">
                  <div className="grow sub">{t('sql.rows', { rows: formats.count(answer.rows.length), ms: formats.count(run.data.ms) })}</div>
                  <CsvButton table={{ name: `query-${market}`, columns: answer.columns.map((c) => c.name), rows: answer.rows.map((r) => r.map(cell)) }} />
                </div>
                <Rows answer={answer} />
                {answer.truncated && <p className="soft small">{t('sql.truncated', { rows: formats.count(answer.rows.length) })}</p>}
              </>
            ) : (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('sql.empty')} />
            )}
          </section>
        </div>
      </div>
    </>
  );
}

function cell(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}

function Rows({ answer }: { answer: SqlAnswer }) {
  const { t } = useTexts();
  const rows = useMemo(() => answer.rows.map((cells, i) => ({ i, cells })), [answer]);
  return (
    <Table
      size="small"
      rowKey="i"
      dataSource={rows}
      pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false, size: 'small' } : false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: t('empty.rows') }}
      columns={answer.columns.map((column, c) => ({
        key: String(c),
        title: <span data-user-content title={column.type}>{column.name}</span>,
        align: typeof answer.rows[0]?.[c] === 'number' ? ('right' as const) : undefined,
        render: (row: { cells: unknown[] }) => {
          const value = cell(row.cells[c]);
          return value === null ? <span className="soft">–</span> : <span className="number" data-user-content>{value}</span>;
        },
      }))}
    />
  );
}

function Tables({ onPick }: { onPick(name: string): void }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const asked = useQuery({ queryKey: ['schema', market], queryFn: ({ signal }) => askSql(market, schema, 5_000, signal) });
  const tables = useMemo(() => {
    const found = new Map<string, { name: string; type: string }[]>();
    for (const [table, name, type] of asked.data?.rows ?? []) {
      found.set(String(table), [...(found.get(String(table)) ?? []), { name: String(name), type: String(type) }]);
    }
    return [...found];
  }, [asked.data]);
  return (
    <section className="panel later">
      <div className="panel-head"><div><h2>{t('sql.tables')}</h2><div className="sub">{t('sql.tables.hint')}</div></div></div>
      {asked.error && <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />}
      <div style={{ maxHeight: '62vh', overflowY: 'auto' }}>
        {tables.map(([table, columns]) => (
          <details key={table} style={{ padding: '4px 0' }}>
            <summary className="mono" data-user-content style={{ cursor: 'pointer' }}>{table}</summary>
            <div style={{ padding: '4px 0 4px 14px' }}>
              <button type="button" className="opens mono" data-user-content onClick={() => onPick(table)}>+ {table}</button>
              {columns.map((column) => (
                <div key={column.name} className="row">
                  <button type="button" className="opens mono grow cut" data-user-content onClick={() => onPick(column.name)}>{column.name}</button>
                  <span className="soft small cut" data-user-content style={{ maxWidth: 110 }}>{column.type}</span>
                </div>
              ))}
            </div>
          </details>
        ))}
      </div>
    </section>
  );
}
