import { QueryClient, keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type {
  ApiKey, MarketStatus, MarketSummary, MetricAnswer, MetricDefinition, OrderSummary, OrderView, Page, RecordedFact, Session, SqlAnswer,
} from './answers';
import { answer, client } from './client';
import { Problem } from './problem';
import { turns } from './turns';

/** A page asks some thirty numbers at once; the server answers them with all its cores, a few at a time. */
const inTurn = turns(3);

const here = '/v1/markets/{market}' as const;

/** Asks again only where another try can help: the server was busy, or others had its memory. */
function worthRetrying(tries: number, error: Error): boolean {
  if (!(error instanceof Problem) || tries >= 2) return false;
  return [0, 429, 503].includes(error.status) || error.name === 'question-too-large';
}

export function newQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: worthRetrying, staleTime: 60_000, refetchOnWindowFocus: false } } });
}

export function useSession(enabled = true) {
  return useQuery({ queryKey: ['session'], queryFn: ({ signal }) => answer<Session>(client.GET('/v1/session', { signal })), staleTime: Infinity, enabled });
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => answer<Session>(client.POST('/v1/session', { body: { token } })),
    onSuccess: (session) => cache.setQueryData(['session'], session),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => answer<void>(client.DELETE('/v1/session')),
    onSuccess: () => {
      cache.clear();
      window.location.assign('/');
    },
  });
}

export function useMarkets() {
  return useQuery({ queryKey: ['markets'], queryFn: ({ signal }) => answer<Page<MarketSummary>>(client.GET('/v1/markets', { signal })) });
}

/** The market's state, asked for often while something moves. */
export function useStatus(market: string) {
  const session = useSession();
  return useQuery({
    // A merchant or buyer may not ask, and is told nothing about the lake.
    enabled: session.data?.actions.includes('read_status') ?? true,
    queryKey: ['status', market],
    queryFn: ({ signal }) => answer<MarketStatus>(client.GET(`${here}/status`, { params: { path: { market } }, signal })),
    staleTime: 2_000,
    refetchInterval: ({ state }) => {
      const status = state.data;
      const moving = status && (status.lake.behind > 0 || status.imports.some((i) => i.state === 'running'));
      return moving ? 2_000 : 15_000;
    },
  });
}

export interface MetricQuestion {
  from?: string;
  to?: string;
  by?: string;
  where?: string;
  limit?: number;
}

/** With `everyMs`, asked again and again while the page is looked at. */
export function useMetric(market: string, id: string, question: MetricQuestion = {}, enabled = true, everyMs?: number) {
  return useQuery({
    queryKey: ['metric', market, id, question],
    queryFn: ({ signal }) =>
      inTurn(() => answer<MetricAnswer>(client.GET(`${here}/metrics/{id}`, { params: { path: { market, id }, query: question }, signal }))),
    enabled,
    refetchInterval: everyMs,
    placeholderData: (before) => (before?.metric === id ? before : undefined),
  });
}

export function useDefinitions(market: string) {
  return useQuery({
    queryKey: ['definitions', market],
    queryFn: ({ signal }) => answer<Page<MetricDefinition>>(client.GET(`${here}/metrics`, { params: { path: { market } }, signal })),
  });
}

export interface FactFilter {
  source?: string;
  key?: string;
  kind?: string;
  subject?: string;
  after?: string;
  limit?: number;
}

export function useFacts(market: string, filter: FactFilter, enabled = true) {
  return useQuery({
    queryKey: ['facts', market, filter],
    queryFn: ({ signal }) => answer<Page<RecordedFact>>(client.GET(`${here}/facts`, { params: { path: { market }, query: filter }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    enabled,
  });
}

/** Facts behind a number, and the server's clock when it answered. */
export async function readFacts(market: string, after: number, limit: number, signal: AbortSignal): Promise<{ page: Page<RecordedFact>; clockMs?: number }> {
  let date: string | null = null;
  const asked = client.GET(`${here}/facts`, { params: { path: { market }, query: { after: String(after), limit } }, signal }).then((outcome) => {
    date = outcome.response.headers.get('date');
    return outcome;
  });
  const page = await answer<Page<RecordedFact>>(asked);
  // The header names the second; the middle of it is nearest to the truth.
  return { page, clockMs: date === null ? undefined : Date.parse(date) + 500 };
}

/** How many facts the market has. */
export async function readHead(market: string, signal: AbortSignal): Promise<number> {
  return (await answer<MarketStatus>(client.GET(`${here}/status`, { params: { path: { market } }, signal }))).facts;
}

export function useOrders(market: string, limit: number) {
  return useInfiniteQuery({
    queryKey: ['orders', market, limit],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<OrderSummary>>(client.GET(`${here}/orders`, { params: { path: { market }, query: { limit, ...(pageParam ? { after: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  });
}

export function useOrder(market: string, id: string, asOf: { at?: string; seen?: string }) {
  return useQuery({
    queryKey: ['order', market, id, asOf],
    queryFn: ({ signal }) => answer<OrderView>(client.GET(`${here}/orders/{id}`, { params: { path: { market, id }, query: asOf }, signal })),
  });
}

export function askSql(market: string, query: string, limit: number, signal?: AbortSignal): Promise<SqlAnswer> {
  return answer<SqlAnswer>(client.POST(`${here}/sql`, { params: { path: { market } }, body: { query, limit }, signal }));
}

export function useKeys(market: string) {
  return useQuery({
    queryKey: ['keys', market],
    queryFn: ({ signal }) => answer<Page<ApiKey>>(client.GET(`${here}/keys`, { params: { path: { market } }, signal })),
  });
}

export function useCreateKey(market: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (key: { party: string; roles: string[]; label: string }) =>
      answer<{ key: ApiKey; secret: string }>(client.POST(`${here}/keys`, { params: { path: { market } }, body: key })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['keys', market] }),
  });
}

export function useRevokeKey(market: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer<void>(client.DELETE(`${here}/keys/{id}`, { params: { path: { market, id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['keys', market] }),
  });
}
