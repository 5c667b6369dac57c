/** Claims: their queue, one explained, and what people do with them. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { Bilingual, Page, RecordedFact } from './answers';
import { answer, client } from './client';
import { Problem } from './problem';

const here = '/v1/markets/{market}' as const;

export interface ClaimRow {
  claim: string;
  order: string;
  buyer?: string;
  shop: string;
  guarantee?: string;
  reason: string;
  wish: string;
  stage: string;
  turn: string;
  due?: string;
  at_risk_minor: number;
  currency: string;
  opened_at: string;
  outcome?: string;
  automatic?: boolean;
}

export interface Evidence {
  id: string;
  at: string;
  by?: string;
  hash: string;
  kind: string;
  seq: number;
  side: string;
}

export interface Review {
  appeal?: string;
  at: string;
  reviewer: string;
  outcome: string;
}

export interface ClaimState {
  at_risk_minor: number;
  answer_by?: string;
  automatic?: boolean;
  buyer?: string;
  case: { stage: unknown; evidence?: Evidence[]; reviews?: Review[]; votes?: unknown[]; appeals?: { id?: string; appeal?: string }[]; appeal?: string };
  claimed_minor?: number;
  currency: string;
  evidence_by?: string;
  guarantee?: string;
  lines: string[];
  offer_minor?: number;
  opened: [number, string];
  order: string;
  outcome?: string;
  reason: string;
  shop: string;
  turn: string;
  version?: string;
  wish: string;
}

export interface Award {
  award: string;
  amount_minor: number;
  line?: string | null;
  multiple?: number | null;
  payer?: string | null;
  paid_as: string;
}

/** Why something was decided; what a person wrote stands as it was written and has no `zh` and `en`. */
export interface Because {
  code: string;
  title_zh?: string | null;
  title_en?: string | null;
  clause?: string | null;
  text?: string | null;
  zh?: string | null;
  en?: string | null;
  facts: number[];
}

export interface Ruled {
  ruling: string;
  at: string;
  outcome: string;
  liability?: string | null;
  reviewer?: string | null;
  reasons: Because[];
  awards: Award[];
  total_minor: number;
  rules: string[];
  appeal_by?: string | null;
}

export interface Posted {
  posting: string;
  purpose: string;
  reverses?: string | null;
  seq: number;
  sides: { account: string; amount_minor: number }[];
}

export interface Explanation {
  claim: string;
  order: string;
  shop: string;
  buyer?: string | null;
  currency: string;
  stage: string;
  turn: string;
  clause?: { version: string; name_zh: string; name_en: string; zh: string; en: string } | null;
  answer_by?: string | null;
  evidence_by?: string | null;
  rulings: Ruled[];
  postings: Posted[];
  appeal?: { until: string; zh: string; en: string } | null;
}

export interface ClaimView {
  claim: string;
  state: ClaimState;
  explanation: Explanation;
  history: RecordedFact[];
}

export interface CardLine {
  clause: Bilingual;
  discretionary: boolean;
  given: boolean;
  guarantee: string;
  level: string;
  name: Bilingual;
  payers: string[];
  promise: Bilingual;
  until?: { from: string; length: number; unit: string };
  version: string;
}

export interface OrderCard {
  order: string;
  card: { lines: CardLine[]; standing: string };
  state: {
    buyer?: string;
    currency: string;
    paid_minor: number;
    freight_minor?: number;
    shop: string;
    paid: [number, string];
    dispatched?: [number, string];
    signed?: [number, string];
    received?: [number, string];
    utc_offset_minutes?: number;
  };
}

/** What an act of a person became. */
export interface Done {
  kind: string;
  key: string;
  seq: number;
}

export interface ClaimQuestion {
  shop?: string;
  buyer?: string;
  limit: number;
}

export function useClaims(market: string, question: ClaimQuestion, enabled = true) {
  return useInfiniteQuery({
    queryKey: ['claims', market, question],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<ClaimRow>>(client.GET(`${here}/claims`, { params: { path: { market }, query: { ...question, ...(pageParam ? { after: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
    enabled,
  });
}

export function useClaim(market: string, id: string) {
  return useQuery({
    queryKey: ['claim', market, id],
    queryFn: ({ signal }) => answer<ClaimView>(client.GET(`${here}/claims/{id}`, { params: { path: { market, id } }, signal })),
    staleTime: 5_000,
  });
}

/** The card that an order carries; null when nothing was promised on it. */
export function useOrderCard(market: string, id: string, enabled = true) {
  return useQuery({
    queryKey: ['card', market, id],
    queryFn: async ({ signal }) => {
      try {
        return await answer<OrderCard>(client.GET(`${here}/orders/{id}/card`, { params: { path: { market, id } }, signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
    enabled: enabled && id !== '',
  });
}

export interface NewClaim {
  claim?: string;
  order: string;
  buyer?: string;
  reason: string;
  wish: string;
  guarantee?: string;
  evidence?: string[];
  statement?: string;
}

export interface Look {
  outcome: string;
  amount_minor?: number;
  liability?: string;
  clauses?: string[];
  appeal?: string;
  statement?: string;
}

export interface Answered {
  answer: string;
  offer_minor?: number;
  statement?: string;
}

export interface NewAppeal {
  against: string;
  against_kind: string;
  appellant?: string;
  side?: string;
  statement?: string;
}

/** Sends an act and lets all that it may have moved be asked for again. */
export function useAct<T>(send: (given: T) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      for (const name of ['claims', 'claim', 'card', 'order', 'orders', 'holder', 'postings', 'holders', 'debts']) void cache.invalidateQueries({ queryKey: [name] });
    },
  });
}

export function openClaim(market: string, body: NewClaim): Promise<Done> {
  return answer<Done>(client.POST(`${here}/claims`, { params: { path: { market } }, body }));
}

export function reviewCase(market: string, id: string, body: Look): Promise<Done> {
  return answer<Done>(client.POST(`${here}/cases/{id}/review`, { params: { path: { market, id } }, body }));
}

export function answerClaim(market: string, id: string, body: Answered): Promise<Done> {
  return answer<Done>(client.POST(`${here}/claims/{id}/answer`, { params: { path: { market, id } }, body }));
}

export function acceptOffer(market: string, id: string): Promise<Done> {
  return answer<Done>(client.POST(`${here}/claims/{id}/accept`, { params: { path: { market, id } } }));
}

export function withdrawClaim(market: string, id: string): Promise<Done> {
  return answer<Done>(client.POST(`${here}/claims/{id}/withdraw`, { params: { path: { market, id } } }));
}

export function openAppeal(market: string, body: NewAppeal): Promise<Done> {
  return answer<Done>(client.POST(`${here}/appeals`, { params: { path: { market } }, body }));
}
