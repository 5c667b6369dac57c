/** Links to things of the market: an order, a claim, a party, a rule, a fact. Their ids are data; who may not open one reads its id alone. */
import type { ReactNode } from 'react';

import { useMarket } from '../app/market';
import { useMay } from '../app/may';
import { Link, addressIn, addressOf } from '../app/router';
import { accountOf, holderOf, purposeName } from '../format/accounts';
import { useTexts } from '../i18n';

export function OrderLink({ id }: { id: string }) {
  const { market } = useMarket();
  const { may } = useMay();
  if (!may('read_orders')) return <code data-user-content>{id}</code>;
  return <Link className="mono" data-user-content to={addressOf(market, 'orders', { order: id })}>{id}</Link>;
}

export function ClaimLink({ id }: { id: string }) {
  const { market } = useMarket();
  return <Link className="mono" data-user-content to={addressIn(market, 'claims', [id])}>{id}</Link>;
}

export function FactLink({ seq }: { seq: number }) {
  const { market } = useMarket();
  const { t } = useTexts();
  const { may } = useMay();
  if (!may('read_facts')) return <span className="number soft">#{seq}</span>;
  return <Link className="number" to={addressOf(market, 'facts', { after: String(seq - 1) })} aria-label={t('facts.open', { seq })}>#{seq}</Link>;
}

/** A shop opens to its room, another holder to its accounts there as well. */
export function HolderLink({ kind, id }: { kind: string; id: string }) {
  const { market } = useMarket();
  const { may, party } = useMay();
  if (!may('read_all_accounts') && id !== party) return <span data-user-content>{id}</span>;
  const parts = kind === 'shop' ? [id] : [id, kind];
  return <Link data-user-content to={addressIn(market, 'shops', parts)}>{id}</Link>;
}

export function PartyLink({ kind, id }: { kind: string; id: string }) {
  const { market } = useMarket();
  const { staff, may, party } = useMay();
  if (!may('read_standing') || (!staff && id !== party)) return <span data-user-content>{id}</span>;
  return <Link data-user-content to={addressIn(market, 'penalties', [kind, id])}>{id}</Link>;
}

/** A version, as `guarantees/counterfeit_multiple@2024-05-23.1`, opens to its document. */
export function RuleLink({ version, children }: { version: string; children?: ReactNode }) {
  const { market } = useMarket();
  const [document = '', number] = version.split('@');
  const { kind: family, id: name } = holderOf(document);
  const { may } = useMay();
  if (!may('read_rules')) return <>{children ?? <code data-user-content>{version}</code>}</>;
  return (
    <Link className={children ? undefined : 'mono'} data-user-content={children ? undefined : true} to={addressIn(market, 'rules', [family, name], number ? { version } : {})}>
      {children ?? version}
    </Link>
  );
}

export function Purpose({ name }: { name: string | null | undefined }) {
  const { word } = useTexts();
  if (!name) return <span className="soft">–</span>;
  return <>{purposeName(name, word) ?? <code data-user-content>{name}</code>}</>;
}

/** An account: what kind of holder, who, what for. */
export function AccountName({ name }: { name: string }) {
  const { t, word } = useTexts();
  const found = accountOf(name);
  if (!found) return <code data-user-content>{name}</code>;
  const linked = !['outside', 'platform', 'buyer'].includes(found.kind);
  return (
    <span>
      {word('holder', found.kind) ?? <span data-user-content>{found.kind}</span>}{' '}
      {linked && <><HolderLink kind={found.kind} id={found.id} />{' '}</>}
      {found.kind === 'buyer' && <><span data-user-content>{found.id}</span>{' '}</>}
      <span className="soft">{t('money.of')} <Purpose name={found.purpose} /></span>
    </span>
  );
}

/** A word of the server's, in the reader's language where we have it. */
export function Word({ group, name }: { group: string; name: string | null | undefined }) {
  const { word } = useTexts();
  if (!name) return <span className="soft">–</span>;
  return <>{word(group, name) ?? <span data-user-content>{name}</span>}</>;
}

/** A guarantee by its name in rules. */
export function Guarantee({ name }: { name: string | undefined }) {
  const { t } = useTexts();
  return name ? <Word group="guarantee" name={name} /> : <>{t('claims.dispute')}</>;
}
