import { InboxOutlined } from '@ant-design/icons';
import { useQueries } from '@tanstack/react-query';
import { App, Button, Empty, Input, Steps, Upload } from 'antd';
import { useState } from 'react';

import { type OrderCard, openClaim, useAct, useOrderCard } from '../../api/claims';
import { giveEvidence, keepFile } from '../../api/evidence';
import { ruleQuery } from '../../api/rules';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { addressIn, navigate, setQuery, usePlace } from '../../app/router';
import { useMarketNow } from '../../app/useMarketNow';
import { type TextKey, useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { PageHead } from '../../parts/PageHead';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { OrderLink, RuleLink, Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { type Right, rightsFor, wishFor } from './rights';
import { useFiles } from './useFiles';

const reasons = [
  'counterfeit', 'not_as_described', 'quality', 'damaged', 'spoiled', 'allergy', 'missing', 'substituted_goods', 'empty_parcel', 'fake_dispatch', 'late',
  'false_claim', 'price', 'no_reason', 'other',
] as const;

/** A claim in three steps: the order, what is wrong and the best right against it, the proof. */
export function Intake() {
  const { t } = useTexts();
  const { market } = useMarket();
  const { query } = usePlace();
  const order = query.get('order') ?? '';
  const card = useOrderCard(market, order);
  const [reason, setReason] = useState<string>();
  const [chosen, setChosen] = useState<Right>();
  const step = !card.data ? 0 : !chosen ? 1 : 2;
  const back = (to: number) => {
    if (to < 2) setChosen(undefined);
    if (to < 1) {
      setReason(undefined);
      setQuery({ order: undefined });
    }
  };
  return (
    <>
      <PageHead title={t('intake.title')} sub={t('intake.sub')} />
      <div className="stack narrow" data-testid="intake" data-step={step + 1}>
        <Steps size="small" current={step} onChange={(to) => to < step && back(to)} items={(['intake.order', 'intake.wrong', 'intake.proof'] as const).map((key) => ({ title: t(key) }))} />
        <section className="panel">
          {step === 0 && <ChooseOrder order={order} missing={order !== '' && card.data === null} pending={order !== '' && card.isPending} problem={card.error} />}
          {step === 1 && card.data && <WhatIsWrong card={card.data} reason={reason} onReason={setReason} onRight={setChosen} />}
          {step === 2 && card.data && chosen && reason && <Proof card={card.data} reason={reason} right={chosen} onBack={() => setChosen(undefined)} />}
        </section>
      </div>
    </>
  );
}

function ChooseOrder({ order, missing, pending, problem }: { order: string; missing: boolean; pending: boolean; problem: Error | null }) {
  const { t } = useTexts();
  const [wanted, setWanted] = useState(order);
  return (
    <div className="stack">
      <h2>{t('intake.order.ask')}</h2>
      <Input.Search
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onSearch={(id) => setQuery({ order: id.trim() || undefined }, { replace: false })}
        enterButton={t('intake.next')}
        loading={pending}
        placeholder={t('orders.order')}
        aria-label={t('intake.order.ask')}
      />
      {missing && <p className="bad" role="alert">{t('intake.order.missing')}</p>}
      {problem && <ProblemNote problem={problem} />}
      <p className="soft small">{t('intake.order.hint')}</p>
    </div>
  );
}

function WhatIsWrong({ card, reason, onReason, onRight }: { card: OrderCard; reason: string | undefined; onReason(reason: string): void; onRight(right: Right): void }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may } = useMay();
  const now = useMarketNow();
  // Who may not read the rules learns from the server which right fits: it takes the best when none is named.
  const reads = may('read_rules');
  const given = card.card.lines.filter((line) => line.given);
  const documents = useQueries({ queries: given.map((line) => ({ ...ruleQuery(market, 'guarantees', line.guarantee), enabled: reads })) });
  const texts = Object.assign({}, ...documents.map((document) => document.data?.texts ?? {})) as Record<string, string>;
  const reading = documents.some((document) => document.isLoading);
  const rights = reason ? rightsFor(reason, card, texts, now) : [];
  return (
    <div className="stack">
      <p>{t('orders.order')} <OrderLink id={card.order} /> · <span className="number">{formats.money(card.state.paid_minor, card.state.currency)}</span></p>
      <h2>{t('intake.wrong.ask')}</h2>
      <div className="tiles" role="radiogroup" aria-label={t('intake.wrong.ask')}>
        {reasons.map((name) => (
          <button key={name} type="button" role="radio" aria-checked={reason === name} className="tile" onClick={() => onReason(name)}>{t(`problem_tile.${name}` as TextKey)}</button>
        ))}
      </div>
      {reason && (reading ? <Waiting /> : (
        <div className="stack" data-testid="rights">
          <h2>{t(!reads ? 'intake.rights.own' : rights.some((right) => !right.over) ? 'intake.rights' : 'intake.rights.none')}</h2>
          {!reads && (
            <div className="right best" data-testid="right">
              <div className="row wrap"><strong className="grow">{t('intake.rights.any')}</strong><Button type="primary" onClick={() => onRight(plain)}>{t('intake.choose')}</Button></div>
              <p>{t('intake.rights.any.way')}</p>
            </div>
          )}
          {rights.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('intake.rights.none.way')} />}
          {rights.map((right, i) => <RightCard key={right.line.guarantee} right={right} best={reads && i === 0 && !right.over} currency={card.state.currency} onChoose={() => onRight(right)} />)}
          {reads && rights.every((right) => right.over) && <div><Button onClick={() => onRight(plain)}>{t('intake.dispute')}</Button></div>}
        </div>
      ))}
    </div>
  );
}

/** No guarantee is named: the best that fits is taken, and a plain dispute when none does. */
const plain: Right = {
  line: { clause: { zh: '', en: '' }, discretionary: true, given: true, guarantee: '', level: 'base', name: { zh: '由规则选定', en: 'As the rules choose' }, payers: [], promise: { zh: '', en: '' }, version: '' },
  wishes: ['refund'], until: undefined, over: false, proof: undefined, money: undefined, answer: undefined, needsReturn: false,
};

function RightCard({ right, best, currency, onChoose }: { right: Right; best: boolean; currency: string; onChoose(): void }) {
  const { t, lang } = useTexts();
  const { line } = right;
  return (
    <div className={`right ${best ? 'best' : ''}`} data-testid="right" data-guarantee={line.guarantee}>
      <div className="row wrap">
        <strong data-user-content>{line.name[lang]}</strong>
        {best && <Pill tone="good">{t('intake.best')}</Pill>}
        {right.over && <Pill tone="bad">{t('intake.over')}</Pill>}
        <span className="grow" />
        <Button type={best ? 'primary' : 'default'} disabled={right.over} onClick={onChoose}>{t('intake.choose')}</Button>
      </div>
      <p data-user-content>{line.promise[lang]}</p>
      <Terms right={right} currency={currency} />
    </div>
  );
}

function Terms({ right, currency }: { right: Right; currency: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { line } = right;
  return (
    <dl className="pairs">
      <dt>{t('intake.deadline')}</dt>
      <dd>{right.until ? <><Due at={right.until} right /> <span className="soft small">{formats.time(right.until)}</span></> : line.until ? <CardUntil until={line.until} /> : t('card.no_limit')}</dd>
      <dt>{t('intake.proof.needed')}</dt>
      <dd>{right.proof === undefined ? t('intake.proof.unknown') : right.proof.length === 0 ? t('intake.proof.none') : right.proof.map((kind, i) => <span key={kind}>{i > 0 && ', '}<Word group="evidence" name={kind} /></span>)}{right.needsReturn && <> · {t('intake.goods_back')}</>}</dd>
      <dt>{t('intake.money')}</dt>
      <dd className="number">{right.money === undefined ? t('intake.money.unknown') : t('intake.money.up_to', { money: formats.money(right.money, currency) })}</dd>
      <dt>{t('intake.time')}</dt>
      <dd>{right.answer ? t('intake.time.answer', { time: t(`clock.${right.answer.unit}` as TextKey, { length: right.answer.length }) }) : t(line.discretionary ? 'intake.time.review' : right.proof === undefined ? 'intake.proof.unknown' : 'intake.time.rules')}</dd>
      {line.version && <><dt>{t('claim.clause')}</dt><dd className="small"><RuleLink version={line.version} /></dd></>}
    </dl>
  );
}

export function CardUntil({ until }: { until: { from: string; length: number; unit: string } }) {
  const { t } = useTexts();
  return <>{t('card.until', { time: t(`clock.${until.unit}` as TextKey, { length: until.length }), from: t(`since.${until.from}` as TextKey) })}</>;
}

function Proof({ card, reason, right, onBack }: { card: OrderCard; reason: string; right: Right; onBack(): void }) {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const { may, staff, party } = useMay();
  const { message } = App.useApp();
  const { files, picker } = useFiles();
  const [statement, setStatement] = useState('');
  const send = useAct(async () => {
    const buyer = card.state.buyer ?? party;
    const kept = await Promise.all(files.map((file) => keepFile(market, file)));
    const words = statement.trim();
    const opened = await openClaim(market, {
      order: card.order,
      reason,
      wish: wishFor(right),
      ...(staff ? { buyer } : {}),
      ...(right.line.guarantee ? { guarantee: right.line.guarantee } : {}),
      // The claim names the files by the hashes under which the vault keeps them.
      ...(kept.length > 0 ? { evidence: kept.map((file) => file.hash) } : {}),
      ...(words ? { statement: words } : {}),
    });
    const claim = opened.key.replace(/\/opened$/, '');
    for (const file of kept) await giveEvidence(market, claim, file.hash, staff ? 'buyer' : undefined);
    return claim;
  });
  return (
    <div className="stack">
      <p><strong>{t(`problem_tile.${reason}` as TextKey)}</strong> · <span data-user-content>{right.line.name[lang]}</span></p>
      <Terms right={right} currency={card.state.currency} />
      <h2>{t('intake.evidence')}</h2>
      {may('give_evidence') ? (
        <Upload.Dragger {...picker}>
          <p><InboxOutlined style={{ fontSize: 28, color: 'var(--soft)' }} /></p>
          <p>{t('intake.evidence.drop')}</p>
          <p className="soft small">{t('intake.evidence.kinds')}</p>
        </Upload.Dragger>
      ) : <p className="soft">{t('intake.evidence.not_allowed')}</p>}
      <label className="field">{t('intake.statement')}
        <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2000} value={statement} onChange={(event) => setStatement(event.target.value)} />
      </label>
      {send.error && <ProblemNote problem={send.error} />}
      <div className="row">
        <Button onClick={onBack}>{t('intake.back')}</Button>
        <Button
          type="primary"
          loading={send.isPending}
          onClick={() => send.mutate(undefined, {
            onSuccess: (claim) => {
              void message.success(t('intake.done'));
              navigate(addressIn(market, 'claims', [String(claim)]));
            },
          })}
        >
          {t('intake.send')}
        </Button>
      </div>
    </div>
  );
}
