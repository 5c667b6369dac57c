import { Tag } from 'antd';
import { useMemo, useState } from 'react';

import { useMarket } from '../../app/market';
import { dayOf } from '../../format/days';
import { useTexts } from '../../i18n';
import { PageHead } from '../../parts/PageHead';
import { ProblemNote } from '../../parts/ProblemNote';
import { Waiting } from '../../parts/Waiting';
import { Clock, type Mood, quietMs } from './Clock';
import { Feed } from './Feed';
import type { Live as LiveState } from './fold';
import { useShowsOnFile } from './lookups';
import { NothingComes, QuietNote } from './NothingComes';
import { OnAirPanel } from './OnAirPanel';
import { onAir } from './onair';
import { Pace } from './Pace';
import { Today } from './Today';
import { type Following, useFollow } from './useFollow';
import { useTelling } from './useTelling';

/** The market at work, as its facts come. */
export default function Live() {
  const { t } = useTexts();
  const { market, kind } = useMarket();
  const following = useFollow(market);
  const { live, problem } = following;
  return (
    <>
      <PageHead title={t('live.title')} sub={t('live.sub')}>
        {kind === 'simulated' && <div className="row" data-testid="simulated-note"><Tag color="gold">{t('market.simulated')}</Tag><span className="soft">{t('live.simulated')}</span></div>}
      </PageHead>
      {live?.sent && live.rows.length > 0 ? <AtWork following={following} live={live} /> : problem ? <ProblemNote problem={problem} /> : live ? <NothingComes /> : <Waiting />}
    </>
  );
}

function moodOf({ live, problem, behind, nowMs, skewMs }: Following): Mood {
  if (problem) return 'lost';
  if (behind) return 'behind';
  return live?.seen && nowMs + skewMs - Date.parse(live.seen) > quietMs ? 'quiet' : 'live';
}

function AtWork({ following, live }: { following: Following; live: LiveState }) {
  const { market, time_zone: zone } = useMarket();
  const nowMs = following.nowMs + following.skewMs;
  // Said of a market that stood still when the page was opened, and no more once it moved: nothing jumps.
  const [opened] = useState(nowMs);
  const mood = moodOf(following);
  const files = useShowsOnFile(market, live.at);
  const shows = useMemo(() => onAir(live.shows, files, live.at), [live.shows, live.at, files]);
  const items = useMemo(() => {
    const inFacts = live.rows.flatMap(({ body }) => {
      const lines = Array.isArray(body.lines) ? (body.lines as Record<string, unknown>[]) : [];
      return [body.item, ...lines.map((line) => line.item)].filter((item) => typeof item === 'string');
    });
    return [...inFacts, ...shows.flatMap((show) => show.item ?? [])];
  }, [live.rows, shows]);
  const titles = useMemo(() => new Map([...live.shows.values(), ...files].flatMap(({ show, title }) => (title ? [[show, title] as const] : []))), [live.shows, files]);
  const telling = useTelling(market, items, titles);
  return (
    <div className="stack">
      {mood === 'quiet' && live.seen !== undefined && Date.parse(live.seen) < opened && <QuietNote />}
      <div className="grid">
        <Clock live={live} nowMs={nowMs} mood={mood} />
        <Pace live={live} nowMs={nowMs} />
      </div>
      {live.at && <Today day={dayOf(live.at, zone)} />}
      <div className="grid">
        <OnAirPanel shows={shows} nameOf={telling.nameOf} />
        <Feed rows={live.rows} telling={telling} />
      </div>
    </div>
  );
}
