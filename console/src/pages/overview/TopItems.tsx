import { Select } from 'antd';
import { useState } from 'react';

import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Defined, Mark } from '../../parts/Definition';
import { type CsvTable, Panel } from '../../parts/Panel';
import type { Choice } from './period';

export function TopItems({ choice }: { choice: Choice }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const [limit, setLimit] = useState(10);
  const asked = useMetric(market, 'top_items', { ...choice.period, limit });
  const answer = asked.data;
  const rows = answer?.rows ?? [];
  const most = Math.max(1, ...rows.map((r) => Number(r.value)));
  const csv: CsvTable | undefined = answer && {
    name: `top-items-${choice.period.from}-${choice.period.to}`,
    columns: ['rank', 'item', 'name', 'value', 'value_minor', 'currency', 'units', 'orders', 'version', 'final_through'],
    rows: rows.map((r, i) => [
      i + 1, r.item, r.name, majorText(Number(r.value), answer.currency), r.value, answer.currency, r.units, r.orders, answer.version, answer.maturity.final_through,
    ]),
  };
  return (
    <Panel
      className="w7"
      testId="top-items"
      title={answer ? <span className="row">{answer.name[lang]}<Defined answer={answer} /></span> : t('overview.items')}
      sub={t('overview.items.sub')}
      extra={<Select size="small" value={limit} onChange={setLimit} options={[10, 20, 50].map((count) => ({ value: count, label: t('overview.items.count', { count }) }))} />}
      csv={csv}
      loading={asked.isPending}
      problem={asked.error}
      retry={() => void asked.refetch()}
      empty={rows.length === 0}
      foot={answer && <Mark answer={answer} />}
    >
      <div className="scroll-x" style={{ maxHeight: 520, overflowY: 'auto' }}>
        <table className="list">
          <thead>
            <tr>
              <th className="end" style={{ width: 32 }}>#</th>
              <th>{t('overview.items.item')}</th>
              <th className="end">{t('overview.items.value')}</th>
              <th className="end wide-only">{t('overview.items.units')}</th>
              <th className="end wide-only">{t('overview.items.orders')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r, i) => (
              <tr key={String(r.item)}>
                <td className="end soft">{i + 1}</td>
                <td className="barred two-line" data-user-content>
                  {r.name ?? r.item}
                  <small className="mono">{r.item}</small>
                  <i style={{ width: `${(Number(r.value) / most) * 100}%` }} aria-hidden />
                </td>
                <td className="end">{formats.money(Number(r.value), answer?.currency ?? '')}</td>
                <td className="end wide-only">{formats.count(Number(r.units))}</td>
                <td className="end wide-only">{formats.count(Number(r.orders))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
