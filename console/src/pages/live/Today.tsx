import { Skeleton } from 'antd';
import type { ReactNode } from 'react';

import { useMetric } from '../../api/queries';
import { useFormats, useMarket } from '../../app/market';
import { addDays } from '../../format/days';
import { useTexts } from '../../i18n';
import { Defined } from '../../parts/Definition';
import { type Day, everyMs, seldomMs, useDay } from './lookups';

/** The numbers of the market's day so far, beside those of the whole day before. */
export function Today({ day }: { day: string }) {
  const { t } = useTexts();
  const { market, currency, time_zone: zone } = useMarket();
  const formats = useFormats();
  const now = useDay(market, day, zone, everyMs);
  const before = useDay(market, addDays(day, -1), zone, seldomMs);
  const money = (of: Day | undefined) => of && formats.shortMoney(of.refundedMinor, currency ?? '');
  const claims = (of: Day | undefined) => of && formats.count(of.claims);
  return (
    <section className="day" data-testid="live-today">
      <div className="day-head"><h2>{t('live.today')}</h2> · {t('live.today.of', { day: formats.day(day) })}</div>
      <Measured id="orders" day={day} />
      <Measured id="gmv" day={day} />
      {currency && <Card name={t('live.today.refunds')} hint={t('live.today.refunds.hint')} value={money(now)} beside={now && t('live.today.count', { count: formats.count(now.refunds) })} before={money(before)} />}
      <Card name={t('live.today.claims')} hint={t('live.today.claims.hint')} value={claims(now)} before={claims(before)} />
    </section>
  );
}

/** A number with a definition, as the overview has it. */
function Measured({ id, day }: { id: 'orders' | 'gmv'; day: string }) {
  const { market } = useMarket();
  const { lang } = useTexts();
  const formats = useFormats();
  const { data } = useMetric(market, id, { from: day, to: addDays(day, 1) }, true, everyMs);
  const before = useMetric(market, id, { from: addDays(day, -1), to: day }, true, seldomMs).data;
  const written = (answer: typeof data) => {
    const value = answer?.rows[0]?.value;
    return answer && formats.shortValue(typeof value === 'number' ? value : 0, answer.unit, answer.currency);
  };
  return (
    <Card
      name={data && <>{data.name[lang]} <Defined answer={data} row={data.rows[0]} /></>}
      value={data && <Defined answer={data} row={data.rows[0]}>{written(data)}</Defined>}
      before={written(before)}
    />
  );
}

interface CardProps {
  name: ReactNode;
  hint?: string;
  value: ReactNode;
  beside?: ReactNode;
  before: string | undefined;
}

function Card({ name, hint, value, beside, before }: CardProps) {
  const { t } = useTexts();
  return (
    <article className="kpi">
      <div className="kpi-name" title={hint}>{name ?? <Skeleton.Input active size="small" style={{ height: 16 }} />}</div>
      <div className="kpi-value">{value ?? <span className="soft">—</span>} {beside && <small>{beside}</small>}</div>
      <div className="kpi-foot">{before !== undefined && t('live.today.before', { value: before })}</div>
    </article>
  );
}
