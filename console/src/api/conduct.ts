/** What conduct came to: the public board, badges, a party's standing. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import type { Page } from './answers';
import type { Because } from './claims';
import { answer, client } from './client';

const here = '/v1/markets/{market}' as const;

export interface PenaltyAction {
  action: string;
  amount_minor?: number;
  points?: number;
  until?: string;
}

export interface BoardRow {
  actions: PenaltyAction[];
  anonymous: boolean;
  at: string;
  clause?: string;
  code: string;
  currency?: string;
  party?: string;
  party_kind: string;
  penalty?: string;
  status: string;
}

export interface BadgeRow {
  badge: string;
  lit: boolean;
  seq: number;
  since: string;
}

export function useBoard(market: string, limit: number) {
  return useInfiniteQuery({
    queryKey: ['penalties', market, limit],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<BoardRow>>(client.GET(`${here}/penalties`, { params: { path: { market }, query: { limit, ...(pageParam ? { after: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  });
}

export function useBadges(market: string, shop: string) {
  return useQuery({
    queryKey: ['badges', market, shop],
    queryFn: ({ signal }) => answer<Page<BadgeRow>>(client.GET(`${here}/badges`, { params: { path: { market }, query: { shop } }, signal })),
  });
}

export interface BadgeCondition {
  name: string;
  zh: string;
  en: string;
  holds: boolean;
  needed?: number;
  value?: number;
  days_held?: number;
  days_seen?: number;
  fix?: { zh: string; en: string; missing?: number; good_events?: number; days_missing?: number };
}

export interface BadgeProgress {
  badge: string;
  version: string;
  lit: boolean;
  holds: boolean;
  conditions: BadgeCondition[];
}

export function useBadgeProgress(market: string, shop: string, on: boolean) {
  return useQuery({
    queryKey: ['badge-progress', market, shop],
    enabled: on,
    queryFn: ({ signal }) => answer<BadgeProgress[]>(client.GET(`${here}/badges/progress`, { params: { path: { market }, query: { shop } }, signal })),
  });
}

export interface Standing {
  party: string;
  ladders: { ladder: string; points: number; counted: number; closed: boolean; next_mark?: number | null }[];
  credits: number;
  credits_void: boolean;
  points_unit: number;
  running: { action: string | PenaltyAction; penalty: string; until?: string | null }[];
  year: number;
  penalties: PenaltyRow[];
}

export interface PenaltyRow {
  actions: PenaltyAction[];
  appeal_by?: string;
  at: string;
  case?: string;
  code: string;
  currency?: string;
  ladder?: string;
  penalty: string;
  public: boolean;
  seq: number;
  status: string;
  violation?: string;
}

export function useStanding(market: string, kind: string, id: string) {
  return useQuery({
    queryKey: ['standing', market, kind, id],
    queryFn: ({ signal }) => answer<Standing>(client.GET(`${here}/standing/{kind}/{id}`, { params: { path: { market, kind, id } }, signal })),
  });
}

/** A penalty with its reasons, step by step. */
export interface PenaltyView {
  penalty: string;
  party: string;
  status: string;
  reasons: Because[];
  rules: string[];
  appeal?: { until: string; zh: string; en: string } | null;
}

export function usePenalty(market: string, id: string) {
  return useQuery({
    queryKey: ['penalty', market, id],
    queryFn: ({ signal }) => answer<PenaltyView>(client.GET(`${here}/penalties/{id}`, { params: { path: { market, id } }, signal })),
  });
}
