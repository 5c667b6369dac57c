import { Button, Empty, Segmented, Table, type TableColumnsType } from 'antd';
import { useMemo } from 'react';

import { type Holder, type PostingLine, usePostings } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { setQuery, usePlace } from '../../app/router';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { ClaimLink, FactLink, OrderLink, Purpose, RuleLink } from '../../parts/Things';

/** The statement: every posting of an account, the latest first, each with what it is about. */
export function Lines({ kind, id, holder }: { kind: string; id: string; holder: Holder }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { query } = usePlace();
  const purposes = [...new Set(holder.accounts.map((line) => line.purpose).filter((purpose) => !purpose.startsWith('debt/')))];
  const asksFor = query.get('account');
  const purpose = asksFor && purposes.includes(asksFor) ? asksFor : purposes.includes('proceeds') ? 'proceeds' : (purposes[0] ?? 'proceeds');
  const asked = usePostings(market, kind, id, purpose, 50);
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);
  const columns: TableColumnsType<PostingLine> = [
    { key: 'at', title: t('room.when'), className: 'number', render: (_, r) => formats.time(r.at) },
    { key: 'purpose', title: t('room.what'), render: (_, r) => <><Purpose name={r.purpose} />{r.reverses && <span className="soft small"> · {t('money.reverses')}</span>}</> },
    { key: 'amount', title: t('claim.amount'), align: 'right', render: (_, r) => <span className={`number ${r.amount_minor < 0 ? 'bad' : 'good'}`}>{r.amount_minor > 0 ? '+' : ''}{formats.money(r.amount_minor, r.currency)}</span> },
    { key: 'about', title: t('room.about'), render: (_, r) => <About line={r} /> },
    { key: 'rules', title: t('facts.rules'), render: (_, r) => r.rules.map((version) => <div key={version} className="small"><RuleLink version={version} /></div>) },
    { key: 'seq', title: t('facts.seq'), align: 'right', render: (_, r) => <FactLink seq={r.seq} /> },
  ];
  const csv = {
    name: `statement-${kind}-${id}-${purpose}`,
    columns: ['at', 'effective', 'account', 'purpose', 'amount', 'amount_minor', 'currency', 'order', 'claim', 'penalty', 'posting', 'reverses', 'seq', 'rules'],
    rows: rows.map((r) => [r.at, r.effective, r.account, r.purpose, majorText(r.amount_minor, r.currency), r.amount_minor, r.currency, r.order, r.claim, r.penalty, r.posting, r.reverses, r.seq, r.rules.join(' ')]),
  };
  return (
    <Panel
      title={t('room.lines')}
      sub={t('room.lines.sub')}
      csv={csv}
      problem={asked.error}
      retry={() => void asked.refetch()}
      loading={asked.isPending}
      testId="statement"
    >
      {purposes.length > 1 && (
        <div className="scroll-x" style={{ marginBottom: 10 }}>
          <Segmented size="small" value={purpose} options={purposes.map((value) => ({ value, label: word('purpose', value) ?? value }))} onChange={(value) => setQuery({ account: value })} />
        </div>
      )}
      <Table<PostingLine>
        size="small"
        rowKey={(r) => `${r.seq} ${r.posting} ${r.purpose} ${r.amount_minor}`}
        columns={columns}
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('room.lines.none')} /> }}
      />
      {asked.hasNextPage && <Button style={{ alignSelf: 'center', marginTop: 14 }} loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t('common.more')}</Button>}
    </Panel>
  );
}

function About({ line }: { line: PostingLine }) {
  const { t } = useTexts();
  if (!line.order && !line.claim && !line.penalty) return <span className="soft">–</span>;
  return (
    <span className="row wrap">
      {line.order && <span>{t('orders.order')} <OrderLink id={line.order} /></span>}
      {line.claim && <span>{t('claims.claim')} <ClaimLink id={line.claim} /></span>}
      {line.penalty && <span>{t('room.penalty')} <code data-user-content>{line.penalty}</code></span>}
    </span>
  );
}
