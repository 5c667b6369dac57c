import {
  ApiOutlined, AuditOutlined, BankOutlined, BarChartOutlined, BookOutlined, BulbOutlined, CodeOutlined, DatabaseOutlined, FunctionOutlined, KeyOutlined, LogoutOutlined, MenuOutlined,
  MoonOutlined, NotificationOutlined, ShoppingOutlined, SunOutlined, UserOutlined, VideoCameraOutlined,
} from '@ant-design/icons';
import { Button, Drawer, Dropdown, Select, Tag, Tooltip } from 'antd';
import { type ComponentType, type ReactNode, useState } from 'react';

import type { MarketSummary } from '../api/answers';
import { useSession, useSignOut, useStatus } from '../api/queries';
import { useTexts } from '../i18n';
import { useFormats } from './market';
import { Link, type PageName, addressOf, navigate, needs, pages } from './router';
import { type Look, useSettings } from './settings';

const icons: Record<PageName, ComponentType> = {
  overview: BarChartOutlined,
  live: VideoCameraOutlined,
  orders: ShoppingOutlined,
  claims: AuditOutlined,
  shops: BankOutlined,
  rules: BookOutlined,
  penalties: NotificationOutlined,
  metrics: FunctionOutlined,
  facts: DatabaseOutlined,
  sql: CodeOutlined,
  keys: KeyOutlined,
};

interface ShellProps {
  markets: MarketSummary[];
  market?: MarketSummary;
  page: PageName;
  children: ReactNode;
}

export function Shell({ markets, market, page, children }: ShellProps) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const side = <Side market={market ?? markets[0]} page={page} onGo={() => setOpen(false)} />;
  return (
    <div className="shell">
      <a className="skip" href="#page">{t('app.skip')}</a>
      <aside className="side">{side}</aside>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={260} styles={{ body: { padding: 0 } }} closable={false} title={null}>
        <div className="side" style={{ border: 0 }}>{side}</div>
      </Drawer>
      <div className="grow">
        <header className="top">
          <Button className="menu-button" type="text" icon={<MenuOutlined />} aria-label={t('app.menu')} onClick={() => setOpen(true)} />
          <MarketSwitch markets={markets} market={market} page={page} />
          {market && <Freshness market={market.market} />}
          <span className="grow" />
          <Language />
          <Appearance />
          <User />
        </header>
        <main id="page" tabIndex={-1}>{children}</main>
      </div>
    </div>
  );
}

function Side({ market, page, onGo }: { market: MarketSummary | undefined; page: PageName; onGo(): void }) {
  const { t } = useTexts();
  const status = useStatus(market?.market ?? '');
  const session = useSession();
  const permitted = pages.filter((name) => session.data?.actions.includes(needs[name]) ?? true);
  return (
    <>
      <Link className="brand" to={market ? addressOf(market.market, 'overview') : '/'} onClick={onGo}>
        <img src="/favicon.svg" alt="" />
        {t('app.name')}
      </Link>
      <nav className="nav" aria-label={t('app.menu')}>
        {market && permitted.map((name) => {
          const Icon = icons[name];
          return (
            <Link key={name} to={addressOf(market.market, name)} aria-current={name === page ? 'page' : undefined} onClick={onGo}>
              <Icon />
              {t(`nav.${name}`)}
            </Link>
          );
        })}
      </nav>
      <div className="side-foot">
        <a href="/docs" target="_blank" rel="noreferrer"><ApiOutlined /> {t('nav.docs')}</a>
        <span>{t('app.tagline')}</span>
        {status.data && <span className="number" data-user-content>{status.data.version}</span>}
      </div>
    </>
  );
}

function MarketSwitch({ markets, market, page }: { markets: MarketSummary[]; market?: MarketSummary; page: PageName }) {
  const { t, lang } = useTexts();
  const options = markets.map((m) => ({
    value: m.market,
    label: (
      <span className="row market-option">
        <span className="cut grow">{m.title[lang]}</span>
        <Tag color={m.kind === 'simulated' ? 'gold' : undefined} style={{ marginInlineEnd: 0 }}>{t(`market.${m.kind}`)}</Tag>
      </span>
    ),
  }));
  return <Select aria-label={t('market.label')} value={market?.market} options={options} onChange={(name: string) => navigate(addressOf(name, page))} popupMatchSelectWidth={false} />;
}

/** While a market lives, some facts are always on their way to the lake; only more of them is news. */
const onTheirWay = 100;

function Freshness({ market }: { market: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { data, isError } = useStatus(market);
  if (isError) return <span className="fresh"><i className="dot bad" /><span>{t('lake.unknown')}</span></span>;
  if (!data) return null;
  const { behind, position } = data.lake;
  const late = behind > onTheirWay;
  const text = late ? t('lake.behind', { rows: formats.count(behind) }) : t('lake.fresh');
  return (
    <Tooltip title={t('lake.hint', { facts: formats.count(data.facts), position: formats.count(position) })}>
      <span className="fresh" role="status" tabIndex={0}>
        <i className={`dot ${late ? 'open' : 'good'}`} />
        <span>{text}</span>
      </span>
    </Tooltip>
  );
}

/** The button is written in the language that it leads to. */
function Language() {
  const { lang, setLang } = useSettings();
  const other = lang === 'zh' ? 'en' : 'zh';
  return (
    <Button type="text" lang={other} data-testid="language" data-user-content onClick={() => setLang(other)}>
      {other === 'zh' ? '中文' : 'English'}
    </Button>
  );
}

const lookIcons: Record<Look, ReactNode> = { system: <BulbOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> };

function Appearance() {
  const { t } = useTexts();
  const { look, setLook } = useSettings();
  const items = (['system', 'light', 'dark'] as const).map((key) => ({ key, icon: lookIcons[key], label: t(`look.${key}`) }));
  return (
    <Dropdown trigger={['click']} menu={{ items, selectedKeys: [look], onClick: ({ key }) => setLook(key as Look) }}>
      <Button type="text" icon={lookIcons[look]} aria-label={t('look.label')} data-testid="look" />
    </Dropdown>
  );
}

function User() {
  const { t, word } = useTexts();
  const { data } = useSession();
  const signOut = useSignOut();
  const roles = data?.roles.map((role) => word('role', role) ?? role).join(', ');
  const items = [
    { key: 'who', disabled: true, label: <span className="two-line"><span data-user-content>{data?.party}</span><small>{roles}</small></span> },
    { type: 'divider' as const },
    { key: 'out', icon: <LogoutOutlined />, label: t('user.sign_out') },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => key === 'out' && signOut.mutate() }}>
      <Button type="text" icon={<UserOutlined />} aria-label={t('user.menu')} data-testid="user" />
    </Dropdown>
  );
}
