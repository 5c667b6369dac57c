/** Reports over a whole market: cost to serve, consistency of penalties. */
import { useQuery } from '@tanstack/react-query';

import { answer, client } from './client';

const here = '/v1/markets/{market}' as const;

export interface OrderCost {
  order: string;
  shop?: string | null;
  contacts: number;
  refunds_minor: number;
  compensation_minor: number;
  freight_minor: number;
  fraud_loss_minor: number;
  other_minor: number;
  money_minor: number;
}

export interface CostReport {
  currency: string;
  orders_paid: number;
  orders_with_cost: number;
  contacts_per_1000_orders: number;
  cost_per_order_minor: number;
  total: OrderCost;
  dearest: OrderCost[];
  posted_minor: number;
  unassigned_minor: number;
  agrees_with_books: boolean;
}

export interface Disparity {
  code: string;
  first: string;
  second: string;
  differ_in_date: boolean;
  differ_in_reviewer: boolean;
  differ_in_size: boolean;
  version: string;
}

export interface ConsistencyReport {
  penalties: number;
  parties: number;
  reviewers: number;
  undone: number;
  not_explained: number;
  disparities: Disparity[];
}

export function useCostToServe(market: string, limit: number) {
  return useQuery({
    queryKey: ['cost-to-serve', market, limit],
    queryFn: ({ signal }) => answer<CostReport>(client.GET(`${here}/reports/cost-to-serve`, { params: { path: { market }, query: { limit } }, signal })),
    staleTime: 60_000,
  });
}

export function useConsistency(market: string, on: boolean) {
  return useQuery({
    queryKey: ['consistency', market],
    enabled: on,
    queryFn: ({ signal }) => answer<ConsistencyReport>(client.GET(`${here}/reports/consistency`, { params: { path: { market } }, signal })),
    staleTime: 60_000,
  });
}
