import { useFormats, useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { type Tone, Pill } from '../../parts/Pill';
import type { Live } from './fold';
import { paceOf } from './course';
import { useSpeed } from './useSpeed';

/** Without a new fact for so long, the market is called quiet. */
export const quietMs = 20_000;

export type Mood = 'live' | 'behind' | 'quiet' | 'lost';

const tones: Record<Mood, Tone> = { live: 'good', behind: 'open', quiet: 'plain', lost: 'bad' };

/** The market's own time, and how fast facts come. */
export function Clock({ live, nowMs, mood }: { live: Live; nowMs: number; mood: Mood }) {
  const { t } = useTexts();
  const { kind, time_zone: zone } = useMarket();
  const formats = useFormats();
  const speed = useSpeed(live.at, nowMs, mood !== 'live');
  const pace = paceOf(live.course, nowMs);
  return (
    <section className="panel w4 pulse" data-testid="live-clock">
      <div className="panel-head">
        <h2 className="grow">{t('live.clock')}</h2>
        <span role="status"><Pill tone={tones[mood]}>{t(`live.state.${mood}`)}</Pill></span>
      </div>
      <div className="pulse-time" data-testid="clock" title={t('live.clock.hint')} data-at={live.at}>{live.at ? formats.clock(live.at) : '—'}</div>
      <div className="soft small">
        {live.at && formats.date(live.at)}
        {zone && <> · <span data-user-content>{zone}</span></>}
        {kind === 'simulated' && speed !== undefined && speed >= 2 && <> · {t('live.clock.speed', { times: formats.count(speed) })}</>}
      </div>
      <dl className="pulse-numbers">
        <div data-testid="pace"><dt>{t('live.pace.moment')}</dt><dd>{pace < 10 ? pace.toFixed(1) : formats.count(pace)} <small>{t('live.pace.unit')}</small></dd></div>
        <div><dt>{t('live.clock.facts')}</dt><dd>{formats.count(live.cursor)}</dd></div>
      </dl>
    </section>
  );
}
