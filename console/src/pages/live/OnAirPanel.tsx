import { useFormats } from '../../app/market';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import type { OnAir } from './onair';
import { ShowCard } from './ShowCard';

const cardsMax = 8;

/** The shows that are on air. */
export function OnAirPanel({ shows, nameOf }: { shows: OnAir[]; nameOf(item: string): string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const more = shows.length - cardsMax;
  return (
    <Panel className="w7" testId="live-air" title={t('live.air')} sub={t('live.air.sub')} extra={shows.length > 0 && <span className="soft">{t('live.air.count', { count: formats.count(shows.length) })}</span>}>
      {shows.length === 0 ? (
        <div className="empty air-none">
          <h2>{t('live.air.none')}</h2>
          <p className="soft">{t('live.air.none.way')}</p>
        </div>
      ) : (
        <div className="air">{shows.slice(0, cardsMax).map((show) => <ShowCard key={show.show} show={show} nameOf={nameOf} />)}</div>
      )}
      {more > 0 && <div className="panel-foot">{t('live.air.more', { count: formats.count(more) })}</div>}
    </Panel>
  );
}
