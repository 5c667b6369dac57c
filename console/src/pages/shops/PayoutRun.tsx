import { App, Button, Popconfirm, Table, type TableColumnsType } from 'antd';

import { useAct } from '../../api/claims';
import { type PayoutDue, type PayoutRun as Run, runPayouts, usePayoutsDue } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { HolderLink, Word } from '../../parts/Things';

/** What a pay-out run would pay and what stays behind of whom and why; then the run itself. */
export function PayoutRun() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { message } = App.useApp();
  const asked = usePayoutsDue(market, true);
  const send = useAct(() => runPayouts(market));
  const rows = asked.data?.items ?? [];
  const sums = (by: Record<string, number>) => Object.entries(by).map(([currency, minor]) => formats.money(minor, currency)).join(' + ');
  const free = sums(asked.data?.free_minor ?? {});
  const money = (key: string, title: string, of: (row: PayoutDue) => number, className = '') => ({
    key, title, align: 'right' as const, render: (_: unknown, row: PayoutDue) => (of(row) === 0 ? <span className="soft">–</span> : <span className={`number ${className}`}>{formats.money(of(row), row.currency)}</span>),
  });
  const columns: TableColumnsType<PayoutDue> = [
    { key: 'party', title: t('payouts.party'), fixed: 'left', render: (_, row) => <><Word group="holder" name={row.party_kind} /> <HolderLink kind={row.party_kind} id={row.party} /></> },
    money('proceeds', t('payouts.proceeds'), (row) => row.proceeds_minor),
    money('held', t('payouts.held'), (row) => row.held_minor),
    money('subsidy', t('payouts.subsidy'), (row) => row.subsidy_minor),
    money('withheld', t('payouts.withheld'), (row) => row.withheld_minor),
    money('reserve', t('payouts.reserve'), (row) => row.reserve_minor),
    money('free', t('payouts.free'), (row) => row.free_minor, 'good'),
    { key: 'frozen', render: (_, row) => row.frozen && <Pill tone="bad">{t('payouts.frozen')}</Pill> },
  ];
  const csv = {
    name: `payouts-${market}`,
    columns: ['party_kind', 'party', 'currency', 'proceeds', 'held_minor', 'subsidy_minor', 'withheld_minor', 'reserve_minor', 'free', 'free_minor', 'frozen'],
    rows: rows.map((r) => [r.party_kind, r.party, r.currency, majorText(r.proceeds_minor, r.currency), r.held_minor, r.subsidy_minor, r.withheld_minor, r.reserve_minor, majorText(r.free_minor, r.currency), r.free_minor, String(r.frozen)]),
  };
  const go = () =>
    send.mutate(undefined, {
      onSuccess: (done) => {
        const run = done as Run;
        void message.success(t('payouts.done', { count: run.items.filter((item) => item.outcome === 'paid').length, money: sums(run.paid_minor) || '0' }));
      },
    });
  return (
    <Panel title={t('payouts.title')} sub={t('payouts.sub')} csv={csv} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="payout-run"
      extra={free ? (
        <Popconfirm title={t('payouts.sure')} onConfirm={go} okText={t('payouts.go', { money: free })} cancelText={t('common.close')} okButtonProps={{ loading: send.isPending }}>
          <Button type="primary" data-testid="run-payouts">{t('payouts.go', { money: free })}</Button>
        </Popconfirm>
      ) : undefined}
    >
      {send.error && <ProblemNote problem={send.error} />}
      {rows.length === 0 ? <p className="soft">{t('payouts.none')}</p> : (
        <>
          {!free && <p className="soft">{t('payouts.nothing')}</p>}
          <Table<PayoutDue> size="small" rowKey={(r) => `${r.party_kind}/${r.party} ${r.currency}`} columns={columns} dataSource={rows} pagination={rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false} scroll={{ x: 'max-content' }} />
        </>
      )}
    </Panel>
  );
}
