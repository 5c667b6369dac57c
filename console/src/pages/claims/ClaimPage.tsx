import { Tag, Timeline } from 'antd';
import { useState } from 'react';

import type { RecordedFact } from '../../api/answers';
import { type ClaimView, type Evidence, type Ruled, useClaim, useClaims } from '../../api/claims';
import { fileAddress } from '../../api/evidence';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { Link, addressIn, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { Json } from '../../parts/Json';
import { PageHead } from '../../parts/PageHead';
import { Panel } from '../../parts/Panel';
import { ProblemNote } from '../../parts/ProblemNote';
import { Reasons } from '../../parts/Reasons';
import { TAccounts } from '../../parts/TAccounts';
import { FactLink, Guarantee, HolderLink, OrderLink, RuleLink, Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { ClaimTable } from './ClaimTable';
import { PartyActs } from './PartyActs';
import { ReviewBar } from './ReviewBar';
import { OutcomeTag, StageTag, isClosed } from './StageTag';

/** One claim: both sides beside each other, the clause, the clocks, the rulings and their money. */
export function ClaimPage({ id }: { id: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { data, error, refetch } = useClaim(market, id);
  return (
    <>
      <PageHead title={t('claim.title')} sub={t('claim.sub')}>
        <Link to={addressOf(market, 'claims')}>{t('claim.back')}</Link>
      </PageHead>
      {error ? <ProblemNote problem={error} retry={() => void refetch()} /> : data ? <Shown view={data} /> : <Waiting />}
    </>
  );
}

function Shown({ view }: { view: ClaimView }) {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  const { state, explanation } = view;
  const { clause, currency, rulings, postings, stage } = explanation;
  const undecided = ['open', 'offered', 'in_review', 'appealed'].includes(stage);
  const turn = isClosed(stage) ? undefined : explanation.turn;
  const due = isClosed(stage) ? undefined : explanation.appeal?.until ?? earliest([explanation.answer_by, undecided ? explanation.evidence_by : undefined]);
  return (
    <div className="stack" data-testid="claim">
      <section className="panel claim-head">
        <div className="row wrap">
          <code data-user-content style={{ fontSize: 15 }}>{view.claim}</code>
          <StageTag stage={stage} />
          {state.outcome && <OutcomeTag outcome={state.outcome} />}
          {state.automatic && <Tag>{t('claims.automatic')}</Tag>}
        </div>
        <dl className="figures">
          <div><dt>{t('claims.turn')}</dt><dd><Word group="turn" name={turn} /></dd></div>
          <div><dt>{t('claims.due')}</dt><dd><Due at={due} /></dd></div>
          <div><dt>{t('claims.at_risk')}</dt><dd className="number" data-testid="at-risk">{formats.money(state.at_risk_minor, currency)}</dd></div>
          <div><dt>{t('orders.order')}</dt><dd><OrderLink id={explanation.order} /></dd></div>
          <div><dt>{t('orders.shop')}</dt><dd><HolderLink kind="shop" id={explanation.shop} /></dd></div>
          <div><dt>{t('orders.buyer')}</dt><dd>{explanation.buyer ? <Link data-user-content to={addressOf(market, 'claims', { buyer: explanation.buyer })}>{explanation.buyer}</Link> : t('orders.guest')}</dd></div>
        </dl>
      </section>
      {may('review_cases') && undecided && <ReviewBar view={view} />}
      <PartyActs view={view} />
      <div className="grid">
        <div className="w7 stack">
          <Panel title={t('claim.sides')} testId="sides"><Sides view={view} /></Panel>
          <Panel title={t('claim.clause')} sub={t('claim.clause.sub')} testId="clause">
            {clause ? (
              <div className="stack" style={{ gap: 8 }}>
                <strong data-user-content>{lang === 'zh' ? clause.name_zh : clause.name_en}</strong>
                <blockquote className="clause" data-user-content>{clause[lang]}</blockquote>
                <div className="small"><RuleLink version={clause.version} /></div>
              </div>
            ) : <p className="soft">{t('claim.clause.none')}</p>}
          </Panel>
          <Panel title={t('claim.rulings')} testId="rulings">
            {rulings.length > 0 ? rulings.map((ruled) => <Ruling key={ruled.ruling} ruled={ruled} currency={currency} />) : <p className="soft">{t(undecided ? 'claim.rulings.none' : 'claim.rulings.never')}</p>}
          </Panel>
          <Panel title={t('claim.postings')} sub={t('claim.postings.sub')} testId="claim-postings">
            {postings.length > 0 ? <div className="stack">{postings.map((posted) => <TAccounts key={posted.posting} posted={posted} currency={currency} />)}</div> : <p className="soft">{t('claim.postings.none')}</p>}
          </Panel>
        </div>
        <div className="w5 stack">
          <Panel title={t('claim.timeline')} sub={<>{t('claims.turn')}: <Word group="turn" name={turn} /></>} testId="claim-timeline">
            <Clocks view={view} />
            <Timeline items={view.history.map((fact) => ({ content: <Event fact={fact} />, color: fact.source === 'laotie' ? 'gray' : 'green' }))} />
          </Panel>
        </div>
      </div>
      <Similar view={view} />
    </div>
  );
}

function earliest(instants: (string | null | undefined)[]): string | undefined {
  return instants.filter((at): at is string => Boolean(at)).sort()[0];
}

/** What one side says and has shown, beside the other. */
function Sides({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { state, history, explanation } = view;
  const last = (kind: string) => history.filter((fact) => fact.kind === kind).at(-1)?.body ?? {};
  const opened = last('claim.opened');
  const answered = last('claim.answered');
  const evidence = state.case.evidence ?? [];
  const of = (...sides: string[]) => evidence.filter((piece) => sides.includes(piece.side));
  const announced = (Array.isArray(opened.evidence) ? opened.evidence : []).map(String).filter((piece) => !evidence.some((given) => given.id === piece));
  const others = evidence.filter((piece) => !['buyer', 'merchant'].includes(piece.side));
  return (
    <div className="stack">
      <div className="sides">
        <div className="side-box">
          <h3>{t('claim.buyer_says')}</h3>
          <dl className="pairs">
            <dt>{t('claims.reason')}</dt><dd><Word group="reason" name={state.reason} /></dd>
            <dt>{t('claims.wish')}</dt><dd><Word group="wish" name={state.wish} /></dd>
            <dt>{t('claims.guarantee')}</dt><dd><Guarantee name={state.guarantee} /></dd>
            {state.claimed_minor !== undefined && <><dt>{t('claims.asked')}</dt><dd className="number">{formats.money(state.claimed_minor, explanation.currency)}</dd></>}
          </dl>
          <Said text={opened.statement} />
          <Pieces pieces={of('buyer')} />
          <Announced ids={announced} />
        </div>
        <div className="side-box">
          <h3>{t('claim.merchant_says')}</h3>
          {answered.answer === undefined ? <p className="soft">{t(explanation.answer_by ? 'claim.not_answered' : 'claim.no_answer')}</p> : (
            <dl className="pairs">
              <dt>{t('claim.answer')}</dt><dd><Word group="answer" name={String(answered.answer)} /></dd>
              {typeof answered.code === 'string' && <><dt>{t('claims.reason')}</dt><dd data-user-content>{answered.code}</dd></>}
              {state.offer_minor !== undefined && <><dt>{t('claim.offer')}</dt><dd className="number">{formats.money(state.offer_minor, explanation.currency)}</dd></>}
            </dl>
          )}
          <Said text={answered.statement} />
          <Pieces pieces={of('merchant')} />
        </div>
      </div>
      {others.length > 0 && <div className="side-box"><h3>{t('claim.others_say')}</h3><Pieces pieces={others} /></div>}
    </div>
  );
}

function Said({ text }: { text: unknown }) {
  return typeof text === 'string' && text ? <blockquote className="said" data-user-content>{text}</blockquote> : null;
}

/** Evidence that the claim names and nobody recorded yet; named by its hash, its file can be read all the same. */
function Announced({ ids }: { ids: string[] }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  return ids.map((id) => (
    <div key={id} className="small" data-testid="announced">
      {t('claim.evidence.announced')} <code className="soft" data-user-content style={{ overflowWrap: 'anywhere' }}>{id}</code>{' '}
      {may('read_evidence') && /^[0-9a-f]{64}$/.test(id) && <a href={fileAddress(market, id)} target="_blank" rel="noreferrer">{t('claim.evidence.file')}</a>}
    </div>
  ));
}

/** Evidence: what, by whom, when, and the hash by which the file is known. */
function Pieces({ pieces }: { pieces: Evidence[] }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  if (pieces.length === 0) return <p className="soft small">{t('claim.evidence.none')}</p>;
  return (
    <ul className="pieces">
      {pieces.map((piece) => (
        <li key={piece.id} data-testid="evidence">
          <div className="row wrap">
            <strong><Word group="evidence" name={piece.kind} /></strong>
            <FactLink seq={piece.seq} />
            {may('read_evidence') && <a href={fileAddress(market, piece.hash)} target="_blank" rel="noreferrer">{t('claim.evidence.file')}</a>}
          </div>
          <div className="small soft"><Word group="side" name={piece.side} />{piece.by && <> · <span data-user-content>{piece.by}</span></>} · {formats.time(piece.at)}</div>
          <code className="small soft cut" style={{ display: 'block' }} title={piece.hash} data-user-content>{piece.hash}</code>
        </li>
      ))}
    </ul>
  );
}

function Ruling({ ruled, currency }: { ruled: Ruled; currency: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  return (
    <div className="ruling" data-testid="ruling">
      <div className="row wrap">
        <OutcomeTag outcome={ruled.outcome} />
        <span>{ruled.reviewer ? <>{t('claim.ruled_by')} <span data-user-content>{ruled.reviewer}</span></> : t('claim.ruled_by_rules')}</span>
        <span className="soft small">{formats.time(ruled.at)}</span>
      </div>
      {ruled.liability && <div className="small">{t('claim.liability')}: <Word group="liability" name={ruled.liability} /></div>}
      <Reasons reasons={ruled.reasons} />
      {ruled.awards.length > 0 && (
        <table className="list">
          <thead><tr><th>{t('claim.award')}</th><th>{t('claim.award.line')}</th><th>{t('claim.award.payer')}</th><th className="end">{t('claim.amount')}</th></tr></thead>
          <tbody>
            {ruled.awards.map((award, i) => (
              <tr key={i}>
                <td><Word group="award" name={award.award} />{award.multiple ? ` × ${award.multiple}` : ''}{award.paid_as !== 'money' && <Tag style={{ marginInlineStart: 6 }}><Word group="paid_as" name={award.paid_as} /></Tag>}</td>
                <td data-user-content>{award.line ?? '–'}</td>
                <td>{award.payer ? <span data-user-content>{award.payer}</span> : t('payer.shop')}</td>
                <td className="end number">{formats.money(award.amount_minor, currency)}</td>
              </tr>
            ))}
            <tr><td colSpan={3}><strong>{t('common.total')}</strong></td><td className="end number"><strong>{formats.money(ruled.total_minor, currency)}</strong></td></tr>
          </tbody>
        </table>
      )}
      <div className="row wrap small">{t('facts.rules')}: {ruled.rules.map((version) => <RuleLink key={version} version={version} />)}</div>
      {ruled.appeal_by && <div className="small soft">{t('claim.appeal_by')} {formats.time(ruled.appeal_by)}</div>}
    </div>
  );
}

function Clocks({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const { explanation } = view;
  const decided = explanation.stage === 'decided';
  const clocks = [
    [t('claim.clock.answer'), decided ? undefined : explanation.answer_by],
    [t('claim.clock.evidence'), decided ? undefined : explanation.evidence_by],
    [t('claim.clock.appeal'), explanation.appeal?.until],
  ].filter((clock): clock is [string, string] => Boolean(clock[1]));
  if (clocks.length === 0 || isClosed(explanation.stage)) return null;
  return <dl className="pairs clocks">{clocks.map(([name, at]) => [<dt key={name}>{name}</dt>, <dd key={at}><Due at={at} /></dd>])}</dl>;
}

function Event({ fact }: { fact: RecordedFact }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  return (
    <div data-testid="claim-event">
      <button type="button" className="opens" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{word('event', fact.kind) ?? <code data-user-content>{fact.kind}</code>}</strong>
      </button>{' '}
      <FactLink seq={fact.seq} />
      <div className="small soft">{formats.time(fact.at)} · {fact.source === 'laotie' ? t('claim.by_rules') : <span data-user-content>{fact.source}</span>}</div>
      {open && <Json value={fact.body} />}
    </div>
  );
}

/** Claims under the same guarantee for the same reason: how were they decided? */
function Similar({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { staff } = useMay();
  const { state } = view;
  const own = useClaims(market, { shop: state.shop, limit: 500 }, staff);
  const all = useClaims(market, { limit: 500 }, staff);
  if (!staff) return null;
  const rows = [...(own.data?.pages ?? []), ...(all.data?.pages ?? [])].flatMap((page) => page.items);
  const alike = [...new Map(rows.map((row) => [row.claim, row])).values()]
    .filter((row) => row.claim !== view.claim && row.guarantee === state.guarantee && row.reason === state.reason)
    .sort((a, b) => Number(Boolean(b.outcome)) - Number(Boolean(a.outcome)))
    .slice(0, 10);
  return (
    <Panel
      title={t('claim.similar')}
      sub={<>{t('claim.similar.sub')} · <Link to={addressIn(market, 'shops', [state.shop])}>{t('claim.similar.shop')}</Link></>}
      loading={own.isPending || all.isPending}
      problem={own.error ?? all.error}
      testId="similar"
    >
      <ClaimTable rows={alike} leave={['guarantee', 'reason', 'due']} empty={t('claim.similar.none')} />
    </Panel>
  );
}
