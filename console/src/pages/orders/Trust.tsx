import { Button } from 'antd';

import type { RecordedFact } from '../../api/answers';
import { type CardLine, type OrderCard, type Posted, useClaims, useOrderCard } from '../../api/claims';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { addressIn, navigate } from '../../app/router';
import { windowEnd } from '../../format/countdown';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { TAccounts } from '../../parts/TAccounts';
import { ClaimLink, RuleLink, Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { CardUntil } from '../claims/Intake';
import { StageTag, isClosed } from '../claims/StageTag';

/** The trust card that an order carries, frozen when it was paid. */
export function TrustCard({ order }: { order: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  const { data, error, isPending, refetch } = useOrderCard(market, order, may('read_claims'));
  if (!may('read_claims')) return null;
  return (
    <div data-testid="trust-card">
      <div className="row wrap" style={{ marginBottom: 8 }}>
        <h3 style={{ fontSize: 15 }}>{t('card.title')}</h3>
        {data && <span className="soft small">{t('card.standing')} <Word group="standing" name={data.card.standing} /></span>}
        <span className="grow" />
        {may('open_claims') && data && <Button size="small" onClick={() => navigate(addressIn(market, 'claims', ['new'], { order }))}>{t('card.claim')}</Button>}
      </div>
      {error ? <ProblemNote problem={error} retry={() => void refetch()} /> : isPending ? <Waiting /> : !data || data.card.lines.length === 0 ? <p className="soft">{t('card.none')}</p> : (
        <ul className="card-lines">{data.card.lines.filter((line) => line.given).map((line) => <Line key={line.guarantee} line={line} state={data.state} />)}</ul>
      )}
    </div>
  );
}

function Line({ line, state }: { line: CardLine; state: OrderCard['state'] }) {
  const { t, lang } = useTexts();
  const { until } = line;
  const begun = until && { paid: state.paid, dispatched: state.dispatched, signed: state.signed ?? state.received }[until.from]?.[1];
  const end = until && windowEnd(begun, until.length, until.unit, state.utc_offset_minutes ?? 0);
  return (
    <li data-testid="card-line">
      <div className="row wrap">
        <strong><RuleLink version={line.version}><span data-user-content>{line.name[lang]}</span></RuleLink></strong>
        {line.level === 'upgraded' && <Pill tone="info">{t('card.upgraded')}</Pill>}
        {line.discretionary && <Pill tone="plain">{t('card.discretionary')}</Pill>}
        <span className="grow" />
        {end && <Due at={end} right />}
      </div>
      <div data-user-content>{line.promise[lang]}</div>
      <div className="small soft">
        {until ? <CardUntil until={until} /> : t('card.no_limit')} · {t('card.payers')} {line.payers.map((payer, i) => <span key={payer}>{i > 0 && ', '}<Word group="payer" name={payer} /></span>)}
      </div>
    </li>
  );
}

/** Claims about an order, out of those of its buyer or, for a guest, of its shop. */
export function OrderClaims({ order, buyer, shop }: { order: string; buyer: string | undefined; shop: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  const { data, error, refetch } = useClaims(market, { ...(buyer ? { buyer } : { shop }), limit: 500 }, may('read_claims'));
  if (!may('read_claims')) return null;
  const rows = (data?.pages ?? []).flatMap((page) => page.items).filter((row) => row.order === order);
  if (error) return <ProblemNote problem={error} retry={() => void refetch()} />;
  return (
    <div data-testid="order-claims">
      <h3 style={{ fontSize: 15, marginBottom: 8 }}>{t('orders.claims')}</h3>
      {rows.length === 0 ? <p className="soft">{t('orders.claims.none')}</p> : rows.map((row) => (
        <div key={row.claim} className="row wrap">
          <ClaimLink id={row.claim} />
          <StageTag stage={row.stage} />
          <Word group="reason" name={row.reason} />
          <span className="number soft">{formats.money(row.at_risk_minor, row.currency)}</span>
          <Due at={isClosed(row.stage) ? undefined : row.due} />
        </div>
      ))}
    </div>
  );
}

interface Entry {
  account: string;
  amount_minor: number;
}

/** A fact `posting.made` as a posting: sides of one account become one. */
export function postedOf(fact: RecordedFact): Posted {
  const { posting, purpose, reverses, entries = [] } = fact.body as { posting: string; purpose: string; reverses?: string; entries?: Entry[] };
  const sides = new Map<string, number>();
  for (const { account, amount_minor } of entries) sides.set(account, (sides.get(account) ?? 0) + amount_minor);
  return { posting, purpose, reverses, seq: fact.seq, sides: [...sides].map(([account, amount_minor]) => ({ account, amount_minor })) };
}

export function OrderPostings({ history }: { history: RecordedFact[] }) {
  const { t } = useTexts();
  const made = history.filter((fact) => fact.kind === 'posting.made');
  if (made.length === 0) return null;
  return (
    <div data-testid="order-postings" className="stack" style={{ gap: 10 }}>
      <h3 style={{ fontSize: 15 }}>{t('orders.postings')}</h3>
      {made.map((fact) => <TAccounts key={fact.seq} posted={postedOf(fact)} currency={String(fact.body.currency ?? 'CNY')} />)}
    </div>
  );
}
