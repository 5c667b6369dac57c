import { Segmented } from 'antd';
import { useMemo, useState } from 'react';

import type { MetricAnswer } from '../../api/answers';
import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { useSettings } from '../../app/settings';
import { addDays } from '../../format/days';
import { useTexts } from '../../i18n';
import { Defined, Mark } from '../../parts/Definition';
import { type CsvTable, Panel } from '../../parts/Panel';
import type { Choice } from './period';

interface Cohort {
  name: string;
  size: number;
  kept: Map<number, number>;
}

function cohorts(answer: MetricAnswer): Cohort[] {
  const found = new Map<string, Cohort>();
  for (const row of answer.rows) {
    const name = String(row.cohort);
    const cohort = found.get(name) ?? { name, size: Number(row.denominator), kept: new Map() };
    cohort.kept.set(Number(row.age), Number(row.numerator));
    found.set(name, cohort);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function monthsBetween(first: string, last: string): number {
  const month = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return month(last) - month(first);
}

/** Cohorts down, months since across; the month that is not over is framed. */
export function Retention({ choice }: { choice: Choice }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const { dark } = useSettings();
  const [shown, setShown] = useState<'share' | 'buyers'>('share');
  const asked = useMetric(market, 'cohort_retention', { ...choice.period });
  const answer = asked.data;
  const rows = useMemo(() => (answer ? cohorts(answer) : []), [answer]);
  const lastMonth = addDays(choice.data.to, -1).slice(0, 7);
  const ages = Math.max(0, ...rows.map((c) => monthsBetween(c.name, lastMonth)));
  // The first month is always 100 % and would wash out the others.
  const high = Math.max(0.01, ...rows.flatMap((c) => [...c.kept].filter(([age]) => age > 0).map(([, kept]) => kept / c.size)));
  const open = addDays(lastMonth + '-01', 31).slice(0, 7) > choice.data.to.slice(0, 7);
  const csv: CsvTable | undefined = answer && {
    name: `cohort-retention-${choice.period.from}-${choice.period.to}`,
    columns: ['cohort', 'age', 'value', 'numerator', 'denominator', 'version', 'final_through'],
    rows: answer.rows.map((r) => [r.cohort, r.age, r.value, r.numerator, r.denominator, answer.version, answer.maturity.final_through]),
  };
  const shade = (share: number) => `color-mix(in srgb, var(--primary) ${Math.round(8 + Math.min(share / high, 1) * 84)}%, var(--panel))`;
  const ink = (share: number) => (share / high > (dark ? 0.72 : 0.5) ? (dark ? '#06110f' : '#fff') : 'inherit');
  return (
    <Panel
      className="w7"
      testId="retention"
      title={answer ? <span className="row">{answer.name[lang]}<Defined answer={answer} /></span> : t('overview.retention')}
      sub={t('overview.retention.sub')}
      extra={
        <Segmented
          size="small"
          value={shown}
          options={(['share', 'buyers'] as const).map((v) => ({ value: v, label: t(`overview.retention.${v}`) }))}
          onChange={(value) => setShown(value as 'share' | 'buyers')}
        />
      }
      csv={csv}
      loading={asked.isPending}
      problem={asked.error}
      retry={() => void asked.refetch()}
      empty={rows.length === 0}
      foot={
        answer && (
          <>
            <span className="legend">
              <i style={{ background: `linear-gradient(90deg, ${shade(0)}, ${shade(high)})` }} aria-hidden />
              {t('overview.retention.scale', { low: formats.share(0, 0), high: formats.share(high, 0) })}
            </span>
            {open && <span>┆ {t('overview.retention.open')}</span>}
            <Mark answer={answer} />
          </>
        )
      }
    >
      <div className="scroll-x fill" tabIndex={0}>
        <table className={rows.length >= 8 ? 'heat full' : 'heat'}>
          <thead>
            <tr>
              <th scope="col">{t('overview.retention.cohort')}</th>
              <th scope="col">{t('overview.retention.size')}</th>
              {Array.from({ length: ages + 1 }, (_, age) => <th scope="col" key={age} style={{ textAlign: 'center' }}>{t('overview.retention.age', { age })}</th>)}
            </tr>
          </thead>
          <tbody>
            {rows.map((cohort) => {
              const until = monthsBetween(cohort.name, lastMonth);
              return (
                <tr key={cohort.name}>
                  <th scope="row">{formats.label(cohort.name, 'month')}</th>
                  <td className="size">{formats.count(cohort.size)}</td>
                  {Array.from({ length: ages + 1 }, (_, age) => {
                    if (age > until) return <td key={age} />;
                    const kept = cohort.kept.get(age) ?? 0;
                    const share = kept / cohort.size;
                    const hint = t('overview.retention.cell', { kept: formats.count(kept), size: formats.count(cohort.size), cohort: formats.label(cohort.name, 'month'), age });
                    const style = age === 0 ? { background: 'var(--code)', color: 'var(--soft)' } : { background: shade(share), color: ink(share) };
                    return (
                      <td key={age} title={hint} style={style} className={open && age === until && age > 0 ? 'open' : undefined}>
                        {shown === 'share' ? formats.share(share, 0) : formats.count(kept)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
