import { useConsistency } from '../../api/reports';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { RuleLink, Word } from '../../parts/Things';

/** Whether the same facts bring the same penalty; for those who may read reports. */
export function Consistency() {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  const on = may('read_reports');
  const asked = useConsistency(market, on);
  if (!on) return null;
  const report = asked.data;
  const even = report !== undefined && report.disparities.length === 0 && report.not_explained === 0;
  return (
    <Panel title={t('consistency.title')} sub={t('consistency.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="consistency">
      {report && (report.penalties === 0 ? <p className="soft">{t('consistency.none')}</p> : (
        <div className="stack" style={{ gap: 8 }}>
          <div className="row wrap">
            <Pill tone={even ? 'good' : 'bad'}>{t(even ? 'consistency.even' : 'consistency.uneven')}</Pill>
            <span className="soft">{t('consistency.counts', { penalties: formats.count(report.penalties), parties: formats.count(report.parties), reviewers: formats.count(report.reviewers) })}</span>
          </div>
          {report.disparities.map((pair) => (
            <div className="row wrap small" key={`${pair.first} ${pair.second}`}>
              <Word group="violation" name={pair.code} />
              <code data-user-content>{pair.first}</code><code data-user-content>{pair.second}</code>
              <RuleLink version={pair.version} />
            </div>
          ))}
        </div>
      ))}
    </Panel>
  );
}
