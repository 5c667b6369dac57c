/** Names of accounts (`KIND/ID/PURPOSE`) and of what postings are for. */

export interface AccountName {
  kind: string;
  id: string;
  purpose: string;
}

/** Ids may hold slashes; purposes do not, but for `debt/DEBT`. */
export function accountOf(name: string): AccountName | undefined {
  const found = /^([^/]+)\/(.+)\/(debt\/.+)$/.exec(name) ?? /^([^/]+)\/(.+)\/([^/]+)$/.exec(name);
  const [, kind, id, purpose] = found ?? [];
  return kind && id && purpose ? { kind, id, purpose: purpose.startsWith('debt/') ? 'debt' : purpose } : undefined;
}

/** A holder, as `shop/s-3`. */
export function holderOf(name: string): { kind: string; id: string } {
  const cut = name.indexOf('/');
  return cut < 0 ? { kind: '', id: name } : { kind: name.slice(0, cut), id: name.slice(cut + 1) };
}

type Word = (group: string, word: string) => string | undefined;

/** A purpose in plain words; `settlement/goods` is told in both its parts. Undefined where we have no words: it is data. */
export function purposeName(purpose: string, word: Word): string | undefined {
  const parts = purpose.split('/').map((part) => word('purpose', part));
  return parts.every((part): part is string => part !== undefined) ? parts.join(' · ') : undefined;
}
