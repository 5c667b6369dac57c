import { useEffect, useState } from 'react';

import { useStatus } from '../api/queries';
import { useMarket } from './market';

/** The time on the market's clock: now, or in a simulated market, which lives faster, when its last order was paid. */
export function useMarketNow(): number {
  const { market, kind } = useMarket();
  const { data } = useStatus(market);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  const last = kind === 'simulated' && data?.last_at ? Date.parse(data.last_at) : Number.NaN;
  return Number.isNaN(last) ? now : last;
}
