import { useSession } from '../api/queries';

/** What the reader's roles allow, and whether they see for everybody or for themselves alone. */
export function useMay(): { may(action: string): boolean; staff: boolean; party: string; roles: string[] } {
  const { data } = useSession();
  const roles = data?.roles ?? [];
  return {
    may: (action) => data?.actions.includes(action) ?? false,
    staff: roles.some((role) => ['platform_operator', 'reviewer', 'auditor', 'engineer', 'rule_editor'].includes(role)),
    party: data?.party ?? '',
    roles,
  };
}
