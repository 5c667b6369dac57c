import { Button, Empty, Input, Segmented, Table, type TableColumnsType } from 'antd';
import { useMemo } from 'react';

import { type HolderRow, type TrialRow, useDebts, useHolders, useTrialBalance } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { addressIn, navigate, setQuery, usePlace } from '../../app/router';
import { holderOf } from '../../format/accounts';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { PageHead } from '../../parts/PageHead';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { AccountName, HolderLink, Word } from '../../parts/Things';
import { CostToServe } from './CostToServe';
import { PayoutRun } from './PayoutRun';

const shown = ['escrow', 'proceeds', 'margin', 'freight_cover', 'refunds', 'coupons', 'fees'] as const;

const kinds = ['shop', 'merchant', 'streamer', 'provider', 'platform', 'buyer', 'outside'] as const;

/** All holders, the books' own check, and open debts. */
export function Holders() {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  return (
    <>
      <PageHead title={t('shops.title')} sub={t('shops.sub')}>
        <Input.Search style={{ maxWidth: 280 }} placeholder={t('shops.find')} aria-label={t('shops.find')} onSearch={(id) => id.trim() && navigate(addressIn(market, 'shops', [id.trim()]))} />
      </PageHead>
      <div className="stack">
        <Books />
        <List />
        <Debts />
        {may('run_payouts') && <PayoutRun />}
        {may('read_reports') && <CostToServe />}
      </div>
    </>
  );
}

function Books() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useTrialBalance(market, true);
  const rows = asked.data ?? [];
  const line = (row: TrialRow) => (
    <div className="row wrap" key={row.currency}>
      <Pill tone={row.balanced ? 'good' : 'bad'}>{t(row.balanced ? 'books.balanced' : 'books.unbalanced')}</Pill>
      <span data-user-content>{row.currency}</span>
      <span className="soft">{t('books.counts', { postings: formats.count(row.postings), accounts: formats.count(row.accounts) })}</span>
      {!row.balanced && <span className="bad">{t('books.off', { balances: formats.money(row.balances_minor, row.currency), postings: formats.money(row.postings_minor, row.currency), differing: formats.count(row.differing) })}</span>}
    </div>
  );
  return (
    <Panel title={t('books.title')} sub={t('books.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="books">
      {rows.length > 0 ? <div className="stack" style={{ gap: 8 }}>{rows.map(line)}</div> : <p className="soft">{t('books.empty')}</p>}
    </Panel>
  );
}

function List() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { query } = usePlace();
  const kind = query.get('kind') ?? 'shop';
  const asked = useHolders(market, kind, 100);
  const rows = useMemo(() => asked.data?.pages.flatMap((page) => page.items) ?? [], [asked.data]);
  const sums = (row: HolderRow, purpose: string) => Object.entries(row.accounts[purpose] ?? {});
  const used = shown.filter((purpose) => rows.some((row) => sums(row, purpose).length > 0));
  const columns: TableColumnsType<HolderRow> = [
    { key: 'holder', title: t('shops.holder'), fixed: 'left', render: (_, row) => <HolderLink {...holderOf(row.holder)} /> },
    ...used.map((purpose) => ({
      key: purpose,
      title: t(`purpose.${purpose}`),
      align: 'right' as const,
      render: (_: unknown, row: HolderRow) => sums(row, purpose).map(([currency, { posted_minor }]) => <div key={currency} className={posted_minor < 0 ? 'number bad' : 'number'}>{formats.money(posted_minor, currency)}</div>),
    })),
    { key: 'debts', title: t('shops.debts'), align: 'right', render: (_, row) => (row.debts > 0 ? <span className="bad">{formats.count(row.debts)}</span> : <span className="soft">–</span>) },
    { key: 'frozen', render: (_, row) => row.frozen && <Pill tone="bad">{t('shops.frozen')}</Pill> },
  ];
  const csv = {
    name: `accounts-${market}`,
    columns: ['holder', 'purpose', 'currency', 'posted', 'posted_minor', 'debts', 'frozen'],
    rows: rows.flatMap((row) => Object.entries(row.accounts).flatMap(([purpose, by]) => Object.entries(by).map(([currency, { posted_minor }]) => [row.holder, purpose, currency, majorText(posted_minor, currency), posted_minor, row.debts, String(row.frozen ?? false)]))),
  };
  return (
    <Panel title={t('shops.holders')} csv={csv} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="holders">
      <div className="scroll-x" style={{ marginBottom: 10 }}>
        <Segmented size="small" aria-label={t('shops.of_kind')} value={kind} options={kinds.map((value) => ({ value, label: t(`holder.${value}`) }))} onChange={(value) => setQuery({ kind: value === 'shop' ? undefined : value })} />
      </div>
      <Table<HolderRow>
        size="small"
        rowKey="holder"
        columns={columns}
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<>{t('shops.empty')}<br /><span className="soft small">{t('shops.empty.way')}</span></>} /> }}
      />
      {asked.hasNextPage && <Button style={{ alignSelf: 'center', marginTop: 14 }} loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t('common.more')}</Button>}
    </Panel>
  );
}

function Debts() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useDebts(market, 100, true);
  const rows = asked.data?.items ?? [];
  return (
    <Panel title={t('shops.debts')} sub={t('shops.debts.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="debts">
      {rows.length === 0 ? <p className="soft">{t('shops.debts.none')}</p> : (
        <div className="scroll-x">
          <table className="list">
            <thead><tr><th>{t('shops.debtor')}</th><th className="end">{t('shops.left')}</th><th>{t('claims.due')}</th><th>{t('shops.creditor')}</th></tr></thead>
            <tbody>
              {rows.map((debt) => (
                <tr key={debt.id}>
                  <td><Word group="holder" name={holderOf(debt.debtor).kind} /> <HolderLink {...holderOf(debt.debtor)} /></td>
                  <td className="end number">{formats.money(debt.left_minor, debt.currency)}</td>
                  <td><Due at={debt.due} /></td>
                  <td><AccountName name={debt.creditor_account} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
