import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { majorText } from '../../format/currency';
import { useTexts } from '../../i18n';
import { Defined, Mark } from '../../parts/Definition';
import { type CsvTable, Panel } from '../../parts/Panel';
import type { Choice } from './period';

/** Buyers by how lately, how often and for how much they bought. */
export function Segments({ choice }: { choice: Choice }) {
  const { t, lang, word } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const asked = useMetric(market, 'rfm_segments', { ...choice.period });
  const answer = asked.data;
  const rows = answer?.rows ?? [];
  const gmv = rows.reduce((sum, r) => sum + Number(r.gmv_minor), 0) || 1;
  const csv: CsvTable | undefined = answer && {
    name: `buyer-segments-${choice.period.from}-${choice.period.to}`,
    columns: ['segment', 'buyers', 'gmv', 'gmv_minor', 'currency', 'recency_days_total', 'paid_days_total', 'version', 'final_through'],
    rows: rows.map((r) => [
      r.segment, r.value, majorText(Number(r.gmv_minor), answer.currency), r.gmv_minor, answer.currency, r.recency_days_total, r.paid_days_total, answer.version,
      answer.maturity.final_through,
    ]),
  };
  return (
    <Panel
      className="w5"
      testId="segments"
      title={answer ? <span className="row">{answer.name[lang]}<Defined answer={answer} /></span> : t('overview.segments')}
      sub={t('overview.segments.sub')}
      csv={csv}
      loading={asked.isPending}
      problem={asked.error}
      retry={() => void asked.refetch()}
      empty={rows.length === 0}
      foot={answer && <Mark answer={answer} />}
    >
      <div className="scroll-x">
        <table className="list">
          <thead>
            <tr>
              <th>{t('overview.segments.segment')}</th>
              <th className="end">{t('overview.segments.buyers')}</th>
              <th className="end">{t('overview.segments.gmv')}</th>
              <th className="end wide-only">{t('overview.segments.recency')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => {
              const name = String(r.segment);
              const share = Number(r.gmv_minor) / gmv;
              const recency = Number(r.recency_days_total) / Math.max(1, Number(r.value));
              return (
                <tr key={name}>
                  <td className="barred" style={{ minWidth: 110 }}>
                    {word('segment', name) ?? <span data-user-content>{name}</span>}
                    <i style={{ width: `${share * 100}%` }} aria-hidden />
                  </td>
                  <td className="end">{formats.count(Number(r.value))}</td>
                  <td className="end two-line" title={formats.money(Number(r.gmv_minor), answer?.currency ?? '')}>
                    {formats.shortMoney(Number(r.gmv_minor), answer?.currency ?? '')}
                    <small>{formats.share(share, 1)}</small>
                  </td>
                  <td className="end wide-only">{t('overview.segments.days', { days: formats.count(recency) })}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
