/** The market's rules: read, previewed, put forward, approved. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { Bilingual, Page } from './answers';
import type { Done } from './claims';
import { answer, client } from './client';

const here = '/v1/markets/{market}' as const;

export interface RuleRow {
  family: string;
  name: string;
  version: string;
  effective_from: string;
  title: Bilingual;
  in_force: boolean;
}

export interface RuleWithHistory {
  versions: RuleRow[];
  texts: Record<string, string>;
}

export interface RuleDraft {
  family: string;
  name: string;
  text: string;
  days?: number;
  statement?: string;
}

export interface RulePreview {
  since: string;
  facts: number;
  subjects_changed: number;
  kinds: Record<string, [number, number]>;
  money_changed_minor: Record<string, number>;
  accounts: Record<string, Record<string, number>>;
  examples: { subject: string; gone: unknown[]; new: unknown[] }[];
}

export interface ProposalRow {
  family: string;
  name: string;
  version: string;
  effective_from: string;
  proposer: string;
  approvers: string[];
  at: string;
  text: string;
  statement?: string;
}

export function useRules(market: string, family?: string, enabled = true) {
  return useQuery({
    queryKey: ['rules', market, family ?? ''],
    queryFn: ({ signal }) => answer<RuleRow[]>(client.GET(`${here}/rules`, { params: { path: { market }, query: family ? { family } : {} }, signal })),
    enabled,
  });
}

function ruleQuery(market: string, family: string, name: string) {
  return {
    queryKey: ['rule', market, family, name],
    queryFn: ({ signal }: { signal: AbortSignal }) => answer<RuleWithHistory>(client.GET(`${here}/rules/{family}/{name}`, { params: { path: { market, family, name } }, signal })),
  };
}

export function useRule(market: string, family: string, name: string, enabled = true) {
  return useQuery({ ...ruleQuery(market, family, name), enabled: enabled && name !== '' });
}

export { ruleQuery };

export function useProposals(market: string, enabled = true) {
  return useQuery({
    queryKey: ['proposals', market],
    queryFn: ({ signal }) => answer<Page<ProposalRow>>(client.GET(`${here}/rules/proposals`, { params: { path: { market }, query: { limit: 500 } }, signal })),
    staleTime: 5_000,
    enabled,
  });
}

export function usePreview(market: string) {
  return useMutation({ mutationFn: (body: RuleDraft) => answer<RulePreview>(client.POST(`${here}/rules/preview`, { params: { path: { market } }, body })) });
}

export function usePropose(market: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: RuleDraft) => answer<Done>(client.POST(`${here}/rules/proposals`, { params: { path: { market } }, body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['proposals', market] }),
  });
}

export function useApprove(market: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { version: string; statement?: string }) => answer<Done>(client.POST(`${here}/rules/approvals`, { params: { path: { market } }, body })),
    onSuccess: () => {
      for (const name of ['proposals', 'rules', 'rule']) void cache.invalidateQueries({ queryKey: [name, market] });
    },
  });
}
