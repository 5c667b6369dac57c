import type { MetricAnswer } from '../../api/answers';
import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { Defined, Mark } from '../../parts/Definition';
import { type CsvTable, Panel } from '../../parts/Panel';
import type { Choice } from './period';

const windows = ['30d', '90d', '365d', 'month'] as const;
const bases = ['calendar', 'cohort'] as const;

/** The eight repurchase rates, beside each other, so that none passes for another. */
export function Repurchase({ choice }: { choice: Choice }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const question = { ...choice.period };
  // Eight fixed questions, in a fixed order, as hooks want it.
  const asked = windows.flatMap((window) => bases.map((basis) => useMetric(market, `repurchase_rate_${window}_${basis}`, question)));
  const answers = asked.map((q) => q.data);
  const there = answers.filter((x) => x !== undefined);
  const csv: CsvTable = {
    name: `repurchase-${choice.period.from}-${choice.period.to}`,
    columns: ['metric', 'name', 'rate', 'numerator', 'denominator', 'version', 'final_through', 'final_share_ppm'],
    rows: there.map((x) => [x.metric, x.name[lang], x.rows[0]?.value, x.rows[0]?.numerator, x.rows[0]?.denominator, x.version, x.maturity.final_through, x.maturity.share_ppm]),
  };
  return (
    <Panel
      className="w5"
      testId="repurchase"
      title={t('overview.repurchase')}
      sub={t('overview.repurchase.sub')}
      csv={csv}
      loading={there.length === 0}
      problem={asked.find((q) => q.error)?.error}
      retry={() => asked.forEach((q) => void q.refetch())}
    >
      <div className="variants">
        <div className="head" />
        {bases.map((basis) => (
          <div className="head" key={basis}>
            {t(`overview.repurchase.${basis}`)}
            <div className="soft small">{t(`overview.repurchase.${basis}.hint`)}</div>
          </div>
        ))}
        {windows.map((window, i) => (
          <Window key={window} name={t(`overview.repurchase.${window}`)} answers={[answers[2 * i], answers[2 * i + 1]]} />
        ))}
      </div>
    </Panel>
  );
}

function Window({ name, answers }: { name: string; answers: (MetricAnswer | undefined)[] }) {
  return (
    <>
      <div className="window">{name}</div>
      {answers.map((answer, i) => <div className="cell" key={i}>{answer && <Rate answer={answer} />}</div>)}
    </>
  );
}

function Rate({ answer }: { answer: MetricAnswer }) {
  const { t } = useTexts();
  const formats = useFormats();
  const row = answer.rows[0];
  const value = typeof row?.value === 'number' ? row.value : undefined;
  return (
    <div data-testid={`rate-${answer.metric}`} data-value={value ?? ''}>
      <div className="row">
        <span className="rate"><Defined answer={answer} row={row}>{value === undefined ? '—' : formats.share(value, 1)}</Defined></span>
        <Defined answer={answer} row={row} />
      </div>
      <div className="meter" aria-hidden><i style={{ width: `${(value ?? 0) * 100}%` }} /></div>
      <div className="small soft">
        {value === undefined
          ? t('overview.repurchase.short')
          : t('overview.repurchase.of', { numerator: formats.count(Number(row?.numerator)), denominator: formats.count(Number(row?.denominator)) })}
      </div>
      <Mark answer={answer} short none={value === undefined} />
    </div>
  );
}
