import { InboxOutlined } from '@ant-design/icons';

import type { MarketStatus } from '../../api/answers';
import { useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { Command } from '../../parts/Command';
import { Imports } from './Imports';

/** A market without trade: what to do about it. */
export function EmptyMarket({ status }: { status: MarketStatus | undefined }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const flag = market === 'main' ? '' : ` --market ${market}`;
  const following = status !== undefined && status.lake.behind > 0;
  return (
    <div className="grid">
      <section className="panel w8" data-testid="empty-market">
        <div className="empty">
          <InboxOutlined style={{ fontSize: 40, color: 'var(--soft)' }} />
          <h2>{following ? t('empty.market.wait') : t('empty.market')}</h2>
          <p className="soft">{t('empty.market.way')}</p>
          <Command text={`laotie import${flag} --mapping shopify orders.csv`} />
          <p className="soft small">{t('empty.market.send')} <code data-user-content>POST /v1/markets/{market}/facts</code></p>
        </div>
      </section>
      <Imports />
    </div>
  );
}
