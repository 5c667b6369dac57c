/** Who holds, owes and gets what. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import type { Page } from './answers';
import type { Done } from './claims';
import { answer, client } from './client';

const here = '/v1/markets/{market}' as const;

export interface HolderRow {
  holder: string;
  accounts: Record<string, Record<string, { posted_minor: number; held_minor?: number }>>;
  debts: number;
  frozen?: boolean;
}

export interface AccountLine {
  account: string;
  purpose: string;
  currency: string;
  posted_minor: number;
  held_minor: number;
  available_minor: number | null;
  floor_minor: number | null;
}

export interface Holding {
  hold: string;
  amount_minor: number;
  claim?: string;
  currency: string;
  on: string;
  purpose: string;
  until?: string;
}

export interface Plan {
  plan: string;
  agreed_by?: string;
  instalments: { amount_minor: number; due: string }[];
  passed?: number;
  proposed_by: string;
  share_bps?: number;
  side: 'creditor' | 'debtor';
}

export interface OwnDebt {
  plan?: Plan;
  proposed?: Plan;
  id: string;
  left_minor: number;
  currency: string;
  claim?: string;
  penalty?: string;
  creditor_account: string;
  due: string;
  freezes?: boolean;
  overdue?: boolean;
}

export interface Holder {
  holder: string;
  merchant: string | null;
  frozen: boolean;
  accounts: AccountLine[];
  holds: Holding[];
  debts: OwnDebt[];
  since: Record<string, { from: string; opening_minor: number; sums: Record<string, number> }>;
}

export interface PostingLine {
  posting: string;
  seq: number;
  at: string;
  effective: string;
  account: string;
  currency: string;
  amount_minor: number;
  purpose: string | null;
  order: string | null;
  claim: string | null;
  penalty: string | null;
  reverses: string | null;
  rules: string[];
}

export interface TrialRow {
  currency: string;
  accounts: number;
  postings: number;
  balances_minor: number;
  postings_minor: number;
  differing: number;
  balanced: boolean;
}

export interface DebtRow {
  debtor: string;
  id: string;
  currency: string;
  left_minor: number;
  due: string;
  creditor_account: string;
}

/** Holders of one kind. The list stands in the order of names, so it is entered where the kind begins and left where it ends. */
export function useHolders(market: string, kind: string, limit: number) {
  return useInfiniteQuery({
    queryKey: ['holders', market, kind, limit],
    queryFn: async ({ pageParam, signal }) => {
      const page = await answer<Page<HolderRow>>(client.GET(`${here}/accounts`, { params: { path: { market }, query: { limit, after: pageParam } }, signal }));
      const items = page.items.filter((row) => row.holder.startsWith(`${kind}/`));
      return { items, next: items.length === page.items.length ? page.next : null };
    },
    initialPageParam: `${kind}/~`,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  });
}

export function useHolder(market: string, kind: string, id: string, enabled = true) {
  return useQuery({
    queryKey: ['holder', market, kind, id],
    queryFn: ({ signal }) => answer<Holder>(client.GET(`${here}/accounts/{kind}/{id}`, { params: { path: { market, kind, id } }, signal })),
    enabled: enabled && id !== '',
    staleTime: 5_000,
  });
}

export function usePostings(market: string, kind: string, id: string, purpose: string, limit: number) {
  return useInfiniteQuery({
    queryKey: ['postings', market, kind, id, purpose, limit],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<PostingLine>>(
        client.GET(`${here}/accounts/{kind}/{id}/postings`, { params: { path: { market, kind, id }, query: { purpose, limit, ...(pageParam ? { after: pageParam } : {}) } }, signal }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  });
}

export function useTrialBalance(market: string, enabled: boolean) {
  return useQuery({
    queryKey: ['trial-balance', market],
    queryFn: ({ signal }) => answer<TrialRow[]>(client.GET(`${here}/trial-balance`, { params: { path: { market } }, signal })),
    enabled,
  });
}

export function useDebts(market: string, limit: number, enabled: boolean) {
  return useQuery({
    queryKey: ['debts', market, limit],
    queryFn: ({ signal }) => answer<Page<DebtRow>>(client.GET(`${here}/debts`, { params: { path: { market }, query: { limit } }, signal })),
    enabled,
  });
}

export interface Withdrawal {
  party: string;
  party_kind: string;
  amount_minor?: number;
  currency?: string;
}

export function withdraw(market: string, body: Withdrawal): Promise<Done> {
  return answer<Done>(client.POST(`${here}/withdrawals`, { params: { path: { market } }, body }));
}

export interface NewPlan {
  debt: string;
  party: string;
  party_kind: string;
  instalments: { amount_minor: number; due: string }[];
  share_bps?: number;
}

export function proposePlan(market: string, body: NewPlan): Promise<Done> {
  return answer<Done>(client.POST(`${here}/plans`, { params: { path: { market } }, body }));
}

export function agreePlan(market: string, id: string, body: { party: string; party_kind: string }): Promise<Done> {
  return answer<Done>(client.POST(`${here}/plans/{id}/agree`, { params: { path: { market, id } }, body }));
}

export interface PayoutDue {
  party_kind: string;
  party: string;
  currency: string;
  proceeds_minor: number;
  free_minor: number;
  held_minor: number;
  reserve_minor: number;
  subsidy_minor: number;
  withheld_minor: number;
  frozen: boolean;
}

export function usePayoutsDue(market: string, enabled: boolean) {
  return useQuery({
    queryKey: ['holders', 'payouts', market],
    queryFn: ({ signal }) => answer<{ items: PayoutDue[]; free_minor: Record<string, number> }>(client.GET(`${here}/payouts/due`, { params: { path: { market } }, signal })),
    enabled,
  });
}

export interface PayoutRun {
  date: string;
  items: { party_kind: string; party: string; currency: string; amount_minor: number; outcome: string }[];
  paid_minor: Record<string, number>;
}

export function runPayouts(market: string): Promise<PayoutRun> {
  return answer<PayoutRun>(client.POST(`${here}/payouts/runs`, { params: { path: { market } }, body: {} }));
}

export interface StatementHead {
  statement: string;
  party_kind: string;
  party: string;
  currency: string;
  from: string;
  until: string;
  sums: { purpose: string; amount_minor: number }[];
  total_minor: number;
  payout?: string | null;
  paid_minor?: number | null;
  reserve_minor?: number | null;
  held_minor?: number | null;
  seq: number;
}

export function useStatements(market: string, kind: string, id: string) {
  return useQuery({
    queryKey: ['postings', 'statements', market, kind, id],
    queryFn: ({ signal }) => answer<StatementHead[]>(client.GET(`${here}/accounts/{kind}/{id}/statements`, { params: { path: { market, kind, id } }, signal })),
    staleTime: 5_000,
  });
}

export function useStatement(market: string, id: string) {
  return useQuery({
    queryKey: ['postings', 'statement', market, id],
    queryFn: ({ signal }) => answer<{ head: StatementHead; lines: PostingLine[] }>(client.GET(`${here}/statements/{id}`, { params: { path: { market, id } }, signal })),
  });
}
