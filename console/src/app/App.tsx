import { App as Widgets, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/zh-cn';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import { Suspense, lazy, useEffect, useMemo } from 'react';

import { Problem } from '../api/problem';
import { useMarkets, useSession } from '../api/queries';
import { useTexts } from '../i18n';
import { ProblemNote } from '../parts/ProblemNote';
import { Waiting } from '../parts/Waiting';
import { MarketProvider } from './market';
import { type PageName, addressOf, navigate, needs, pages, parse, usePlace } from './router';
import { useSettings } from './settings';
import { Shell } from './Shell';
import { SignIn } from './SignIn';
import { widgetTheme } from './theme';

dayjs.extend(utc);
dayjs.extend(timezone);

const views: Record<PageName, ReturnType<typeof lazy>> = {
  overview: lazy(() => import('../pages/overview/Overview')),
  live: lazy(() => import('../pages/live/Live')),
  orders: lazy(() => import('../pages/Orders')),
  claims: lazy(() => import('../pages/Claims')),
  shops: lazy(() => import('../pages/Shops')),
  rules: lazy(() => import('../pages/Rules')),
  penalties: lazy(() => import('../pages/Penalties')),
  metrics: lazy(() => import('../pages/Metrics')),
  facts: lazy(() => import('../pages/Facts')),
  sql: lazy(() => import('../pages/Sql')),
  keys: lazy(() => import('../pages/Keys')),
};

export function App() {
  const { lang, dark, still } = useSettings();
  const look = useMemo(() => widgetTheme(dark, still), [dark, still]);
  dayjs.locale(lang === 'zh' ? 'zh-cn' : 'en-gb');
  return (
    <ConfigProvider locale={lang === 'zh' ? zhCN : enGB} theme={look} button={{ autoInsertSpace: false }}>
      <Widgets>
        <Gate />
      </Widgets>
    </ConfigProvider>
  );
}

/** Nobody passes without a session; a place without a market goes to the first one. */
function Gate() {
  const place = usePlace();
  // A sign-in link is changed first: an answer of before would overwrite its session.
  const session = useSession(place.path !== '/sign-in');
  if (place.path === '/sign-in') return <SignIn />;
  if (session.isPending) return <Waiting />;
  if (session.error instanceof Problem && session.error.status === 401) return <SignIn />;
  if (session.error) return <div className="sign"><ProblemNote problem={session.error} retry={() => void session.refetch()} /></div>;
  return <InMarket />;
}

function InMarket() {
  const place = usePlace();
  const markets = useMarkets();
  const { t, lang } = useTexts();
  const session = useSession();
  const found = parse(place.path);
  const items = markets.data?.items;
  const market = items?.find((m) => m.market === found?.market);
  const first = items?.find((m) => m.market === 'main') ?? items?.[0];
  const astray = !found && first !== undefined;
  // A merchant or buyer may not read the overview: they begin with what is theirs.
  const home = pages.find((name) => session.data?.actions.includes(needs[name])) ?? 'overview';

  useEffect(() => {
    if (astray) navigate(addressOf(first.market, home) + window.location.search, { replace: true });
  }, [astray, first, home]);

  const title = market && found ? `${t(`nav.${found.page}`)} · ${market.title[lang]} · ${t('app.name')}` : t('app.name');
  useEffect(() => {
    document.title = title;
  }, [title]);

  if (markets.error) return <div className="sign"><ProblemNote problem={markets.error} retry={() => void markets.refetch()} /></div>;
  if (!items || astray) return <Waiting />;
  if (!found || !market) {
    const gone = new Problem(404, '/problems/unknown-market', '', found?.market ?? place.path);
    return (
      <Shell markets={items} page="overview">
        <ProblemNote problem={gone} />
      </Shell>
    );
  }
  const View = views[found.page];
  return (
    <MarketProvider market={market} key={market.market}>
      <Shell markets={items} market={market} page={found.page}>
        <Suspense fallback={<Waiting />}>
          <View />
        </Suspense>
      </Shell>
    </MarketProvider>
  );
}
