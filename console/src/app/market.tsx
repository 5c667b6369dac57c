/** The market that the page is about. */
import { type ReactNode, createContext, useContext, useMemo } from 'react';

import type { MarketSummary } from '../api/answers';
import { type Formats, formatsOf } from '../format/formats';
import { useSettings } from './settings';

const Context = createContext<MarketSummary | undefined>(undefined);

export function MarketProvider({ market, children }: { market: MarketSummary; children: ReactNode }) {
  return <Context value={market}>{children}</Context>;
}

export function useMarket(): MarketSummary {
  const market = useContext(Context);
  if (!market) throw new Error('useMarket needs a MarketProvider above it');
  return market;
}

/** Numbers and times as this reader and this market write them. */
export function useFormats(): Formats {
  const { lang } = useSettings();
  const market = useContext(Context);
  return useMemo(() => formatsOf(lang, market?.time_zone), [lang, market?.time_zone]);
}
