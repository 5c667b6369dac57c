import { useFormats, useMarket } from '../../app/market';
import { Link, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import type { OnAir } from './onair';

/** A show: who, what is shown for how much, what was said last, and what came of it. */
export function ShowCard({ show, nameOf }: { show: OnAir; nameOf(item: string): string }) {
  const { t } = useTexts();
  const { market, currency = '' } = useMarket();
  const formats = useFormats();
  const title = show.title ?? show.show;
  return (
    <article className="air-card" data-testid="on-air">
      <header className="row">
        <i className="dot on" aria-hidden />
        <Link className="cut grow" to={addressOf(market, 'facts', { subject: `show/${show.show}` })}>
          <strong data-user-content>{title}</strong>
        </Link>
        {show.openedAt && <span className="soft small">{t('live.air.since', { time: formats.shortClock(show.openedAt) })}</span>}
      </header>
      <div className="small soft cut"><span className="mono" data-user-content>{show.streamer ?? show.show}</span></div>
      <div className="air-item">
        <div className="grow">
          <div className="small soft">{t('live.air.item')}</div>
          <div className="cut air-name">{show.item ? <span data-user-content>{nameOf(show.item)}</span> : <span className="soft">{t('live.air.item.none')}</span>}</div>
        </div>
        <div className="air-price">{show.priceMinor !== undefined && currency ? formats.money(show.priceMinor, currency) : ''}</div>
      </div>
      <blockquote className="air-said">{show.said ? <span data-user-content>{show.said}</span> : <span className="soft">{t('live.air.said.none')}</span>}</blockquote>
      <dl className="air-numbers" title={show.whole ? undefined : t('live.air.seen')}>
        <div><dt>{t('live.air.visits')}</dt><dd>{formats.shortCount(show.visits)}</dd></div>
        <div><dt>{t('live.air.orders')}</dt><dd>{formats.shortCount(show.orders)}</dd></div>
        <div><dt>{t('live.air.gmv')}</dt><dd>{currency ? formats.shortMoney(show.gmvMinor, currency) : '—'}</dd></div>
      </dl>
      {!show.whole && <div className="small soft">{t('live.air.seen')}</div>}
    </article>
  );
}
