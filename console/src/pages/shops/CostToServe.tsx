import { Table, type TableColumnsType } from 'antd';

import { type OrderCost, useCostToServe } from '../../api/reports';
import { useFormats, useMarket } from '../../app/market';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { HolderLink, OrderLink } from '../../parts/Things';

/** What serving orders costs, and that it agrees with the books; the dearest orders open to their claims. */
export function CostToServe() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useCostToServe(market, 10);
  const report = asked.data;
  const currency = report?.currency ?? '';
  const money = (minor: number) => formats.money(minor, currency);
  const amount = (key: keyof OrderCost & `${string}_minor`) => ({ key, title: t(`cost.${key}`), align: 'right' as const, className: 'number', render: (_: unknown, r: OrderCost) => money(r[key]) });
  const columns: TableColumnsType<OrderCost> = [
    { key: 'order', title: t('orders.order'), render: (_, r) => <OrderLink id={r.order} /> },
    { key: 'shop', title: t('orders.shop'), render: (_, r) => (r.shop ? <HolderLink kind="shop" id={r.shop} /> : '–') },
    { key: 'contacts', title: t('cost.contacts'), align: 'right', className: 'number', render: (_, r) => formats.count(r.contacts) },
    amount('refunds_minor'), amount('compensation_minor'), amount('freight_minor'), amount('fraud_loss_minor'), amount('money_minor'),
  ];
  const csv = {
    name: `cost-to-serve-${market}`,
    columns: ['order', 'shop', 'contacts', 'refunds', 'compensation', 'freight', 'fraud_loss', 'other', 'money', 'currency'],
    rows: (report?.dearest ?? []).map((r) => [r.order, r.shop ?? '', r.contacts, ...[r.refunds_minor, r.compensation_minor, r.freight_minor, r.fraud_loss_minor, r.other_minor, r.money_minor].map((m) => majorText(m, currency)), currency]),
  };
  return (
    <Panel title={t('cost.title')} sub={t('cost.sub')} csv={csv} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="cost-to-serve">
      {report && (report.orders_with_cost === 0 ? <p className="soft">{t('cost.none')}</p> : (
        <div className="stack">
          <dl className="figures">
            <div><dt>{t('cost.per_order')}</dt><dd className="number" data-testid="cost-per-order" data-value={report.cost_per_order_minor}>{money(report.cost_per_order_minor)}</dd></div>
            <div><dt>{t('cost.money_minor')}</dt><dd className="number">{money(report.total.money_minor)}</dd></div>
            <div><dt>{t('cost.per_1000')}</dt><dd className="number">{formats.count(report.contacts_per_1000_orders)}</dd></div>
            <div><dt>{t('cost.books')}</dt><dd><Pill tone={report.agrees_with_books ? 'good' : 'bad'}>{t(report.agrees_with_books ? 'cost.agrees' : 'cost.differs')}</Pill></dd></div>
          </dl>
          <Table<OrderCost> size="small" rowKey="order" columns={columns} dataSource={report.dearest} pagination={false} scroll={{ x: 'max-content' }} />
        </div>
      ))}
    </Panel>
  );
}
