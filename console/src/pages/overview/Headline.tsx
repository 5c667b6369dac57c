import { Skeleton } from 'antd';

import type { MetricAnswer } from '../../api/answers';
import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { Defined, Mark } from '../../parts/Definition';
import { ProblemNote } from '../../parts/ProblemNote';
import { Spark } from '../../parts/Spark';
import type { Choice } from './period';

const headline = ['gmv', 'valid_gmv', 'net_sales', 'orders', 'buyers', 'order_value', 'refund_rate'] as const;

export function Headline({ choice }: { choice: Choice }) {
  const { t } = useTexts();
  return (
    <section className="kpis" aria-label={t('overview.headline')}>
      {headline.map((id) => <Card key={id} id={id} choice={choice} />)}
    </section>
  );
}

function single(answer: MetricAnswer | undefined): number | undefined {
  const value = answer?.rows[0]?.value;
  return typeof value === 'number' ? value : undefined;
}

function Card({ id, choice }: { id: string; choice: Choice }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  const now = useMetric(market, id, { ...choice.period });
  // What stands beside the number is asked after the numbers of the whole page.
  const there = now.data !== undefined;
  const before = useMetric(market, id, { ...choice.before }, there && choice.before !== undefined);
  const course = useMetric(market, id, { ...choice.period, by: choice.grain }, there);
  if (now.error) return <div className="kpi"><ProblemNote problem={now.error} retry={() => void now.refetch()} /></div>;
  if (!now.data) return <div className="kpi"><Skeleton active title={{ width: '50%' }} paragraph={{ rows: 2 }} /></div>;
  const answer = now.data;
  const value = single(answer);
  const row = answer.rows[0];
  const exact = value === undefined ? undefined : formats.value(value, answer.unit, answer.currency);
  const short = value === undefined ? undefined : formats.shortValue(value, answer.unit, answer.currency);
  const points = course.data?.rows.map((r) => (typeof r.value === 'number' ? r.value : 0)) ?? [];
  return (
    <article className="kpi" data-testid={`kpi-${id}`} data-value={value ?? ''}>
      <div className="kpi-name"><span className="cut">{answer.name[lang]}</span><Defined answer={answer} row={row} /></div>
      <div className="kpi-value">
        <Defined answer={answer} row={row}>{short ?? '—'}</Defined>
      </div>
      {exact !== short && <div className="kpi-exact" data-testid="exact">{exact}</div>}
      <Change answer={answer} value={value} before={choice.before && single(before.data)} choice={choice} />
      <Spark points={points} />
      <Mark answer={answer} short none={value === undefined} />
      {value === undefined && <span className="soft small">{t('common.not_enough')}</span>}
    </article>
  );
}

function Change({ answer, value, before, choice }: { answer: MetricAnswer; value?: number; before?: number; choice: Choice }) {
  const { t } = useTexts();
  const formats = useFormats();
  if (!choice.before) return <div className="kpi-change soft">{t(`versus.none.${choice.versus}`)}</div>;
  if (value === undefined || before === undefined) return <div className="kpi-change soft">&nbsp;</div>;
  const ratio = answer.unit === 'ratio';
  const change = ratio ? value - before : before === 0 ? undefined : value / before - 1;
  if (change === undefined) return <div className="kpi-change soft">{t('versus.was', { value: formats.shortValue(before, answer.unit, answer.currency) })}</div>;
  const up = change > 0;
  const welcome = answer.metric === 'refund_rate' ? !up : up;
  const points = (change > 0 ? '+' : '') + (change * 100).toFixed(2);
  const was = t('versus.was', { value: formats.value(before, answer.unit, answer.currency) });
  return (
    <div className="kpi-change" title={was}>
      <span className={change === 0 ? 'soft' : welcome ? 'good' : 'bad'}>
        {change === 0 ? '' : up ? '▲ ' : '▼ '}
        {ratio ? t('versus.points', { points }) : formats.change(change)}
      </span>
      <span className="soft">{t(`versus.of.${choice.versus}`)}</span>
    </div>
  );
}
