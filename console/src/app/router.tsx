/** A history router: the address holds the market, the page and the page's state. */
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

export interface Place {
  path: string;
  query: URLSearchParams;
}

const listeners = new Set<() => void>();
let current: Place = read();

function read(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

function moved(): void {
  current = read();
  listeners.forEach((listener) => listener());
}

window.addEventListener('popstate', moved);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => current);
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  window.history[options.replace ? 'replaceState' : 'pushState'](null, '', to);
  moved();
  if (!options.replace) window.scrollTo(0, 0);
}

/** Changes some of the page's state; an undefined value takes its parameter away. */
export function setQuery(changes: Record<string, string | undefined>, options = { replace: true }): void {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  navigate(window.location.pathname + (text ? `?${text}` : ''), options);
}

export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}

export const pages = ['overview', 'live', 'orders', 'claims', 'shops', 'rules', 'penalties', 'metrics', 'facts', 'sql', 'keys'] as const;
export type PageName = (typeof pages)[number];

/** What a page asks of its reader's roles. */
export const needs: Record<PageName, string> = {
  overview: 'read_metrics',
  live: 'read_facts',
  orders: 'read_orders',
  claims: 'read_claims',
  shops: 'read_accounts',
  rules: 'read_rules',
  penalties: 'read_board',
  metrics: 'read_metrics',
  facts: 'read_facts',
  sql: 'ask_sql',
  keys: 'manage_keys',
};

/** The address of a page: `/m/MARKET/PAGE`, apart from the server's own paths (`/metrics` is its Prometheus page). */
export function addressOf(market: string, page: PageName, query: Record<string, string> = {}): string {
  return addressIn(market, page, [], query);
}

/** The address of one thing on a page, as `/m/MARKET/claims/clm-1`; ids may hold anything. */
export function addressIn(market: string, page: PageName, parts: string[], query: Record<string, string> = {}): string {
  const text = new URLSearchParams(query).toString();
  return ['', 'm', market, page, ...parts].map(encodeURIComponent).join('/') + (text ? `?${text}` : '');
}

export function parse(path: string): { market: string; page: PageName; parts: string[] } | undefined {
  const [, prefix, market, page = 'overview', ...parts] = path.split('/');
  if (prefix !== 'm' || !market) return undefined;
  const known = pages.find((name) => name === page);
  return known && { market: decodeURIComponent(market), page: known, parts: parts.filter(Boolean).map(decodeURIComponent) };
}

/** What follows the page in the address: the id of a claim, the kind and id of a party. */
export function useParts(): string[] {
  return parse(usePlace().path)?.parts ?? [];
}
