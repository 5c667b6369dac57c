import { useMetric, useStatus } from '../../api/queries';
import { useMarket } from '../../app/market';
import type { Period } from '../../format/days';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';
import { Waiting } from '../../parts/Waiting';
import { Controls } from './Controls';
import { EmptyMarket } from './EmptyMarket';
import { Headline } from './Headline';
import { Imports } from './Imports';
import { Repurchase } from './Repurchase';
import { Retention } from './Retention';
import { Segments } from './Segments';
import { TopItems } from './TopItems';
import { Trend } from './Trend';
import { useChoice } from './period';
import { useFollowLake } from './useFollowLake';

export default function Overview() {
  const { t } = useTexts();
  const { market } = useMarket();
  const status = useStatus(market);
  const all = useMetric(market, 'gmv');
  useFollowLake(market, status.data?.lake.position);

  const data = all.data?.from && all.data.to ? { from: all.data.from, to: all.data.to } : undefined;
  return (
    <>
      <div className="page-head">
        <div className="grow">
          <h1>{t('overview.title')}</h1>
          <p>{t('overview.sub')}</p>
        </div>
      </div>
      {all.error ? (
        <ProblemNote problem={all.error} retry={() => void all.refetch()} />
      ) : all.isPending ? (
        <Waiting />
      ) : data ? (
        <Numbers data={data} />
      ) : (
        <EmptyMarket status={status.data} />
      )}
    </>
  );
}

function Numbers({ data }: { data: Period }) {
  const choice = useChoice(data);
  return (
    <>
      <Controls choice={choice} />
      <Headline choice={choice} />
      <div className="grid">
        <Trend choice={choice} />
        <Imports />
        <Repurchase choice={choice} />
        <Retention choice={choice} />
        <TopItems choice={choice} />
        <Segments choice={choice} />
      </div>
    </>
  );
}
