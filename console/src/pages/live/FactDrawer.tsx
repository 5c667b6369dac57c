import { Drawer } from 'antd';
import { useEffect, useState } from 'react';

import type { RecordedFact } from '../../api/answers';
import { useFormats, useMarket } from '../../app/market';
import { Link, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import { FactDetail } from '../../parts/FactDetail';
import { Said } from './Said';
import { type Telling, says } from './says';

/** All of a fact, beside the feed that goes on. */
export function FactDrawer({ fact, telling, onClose }: { fact?: RecordedFact; telling: Telling; onClose(): void }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const formats = useFormats();
  // The last fact stays while the drawer slides out.
  const [shown, setShown] = useState(fact);
  useEffect(() => {
    if (fact) setShown(fact);
  }, [fact]);
  const order = typeof shown?.body.order === 'string' ? shown.body.order : undefined;
  return (
    <Drawer open={fact !== undefined} onClose={onClose} size={520} title={shown && t('live.feed.fact', { seq: formats.count(shown.seq) })}>
      {shown && (
        <div className="stack" data-testid="live-fact">
          <p className="said-large"><Said saying={says(shown, telling)} /></p>
          <dl className="pairs">
            <dt>{t('facts.kind')}</dt><dd className="mono" data-user-content>{shown.kind}</dd>
            <dt>{t('facts.at')}</dt><dd>{formats.time(shown.at)}</dd>
            <dt>{t('facts.seen')}</dt><dd>{formats.time(shown.seen)}</dd>
            <dt>{t('facts.source')}</dt><dd data-user-content>{shown.source}</dd>
          </dl>
          <FactDetail fact={shown} />
          <div className="row wrap">
            <Link to={addressOf(market, 'facts', { after: String(shown.seq - 1) })}>{t('live.feed.open')}</Link>
            {order && <Link to={addressOf(market, 'orders', { order })}>{t('live.feed.order')}</Link>}
          </div>
        </div>
      )}
    </Drawer>
  );
}
