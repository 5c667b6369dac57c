import { App, Button, Input, InputNumber, Popconfirm, Segmented } from 'antd';
import { useState } from 'react';

import { type Answered, type ClaimView, acceptOffer, answerClaim, openAppeal, useAct, withdrawClaim } from '../../api/claims';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { minorDigits } from '../../format/currency';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';
import { GiveEvidence } from './GiveEvidence';

/** What the merchant or the buyer can do about a claim now; nothing is shown to those who can do nothing. */
export function PartyActs({ view }: { view: ClaimView }) {
  const { may, party, roles } = useMay();
  const { explanation } = view;
  const isBuyer = explanation.buyer === party && party !== '';
  const isMerchant = explanation.shop === party || roles.includes('merchant');
  const operator = roles.includes('platform_operator');
  const answers = may('answer_claims') && explanation.turn === 'merchant' && ['open', 'in_review'].includes(explanation.stage) && (isMerchant || operator);
  const accepts = may('open_claims') && explanation.stage === 'offered' && (isBuyer || operator);
  const withdraws = may('open_claims') && ['open', 'offered', 'in_review'].includes(explanation.stage) && (isBuyer || operator);
  const appeals = may('open_appeals') && Boolean(explanation.appeal) && (isBuyer || isMerchant || operator);
  const gives = may('give_evidence') && ['open', 'offered', 'in_review', 'appealed'].includes(explanation.stage) && (isBuyer || isMerchant || operator);
  if (!answers && !accepts && !withdraws && !appeals && !gives) return null;
  return (
    <section className="panel" data-testid="party-acts">
      <div className="stack">
        {gives && <GiveEvidence view={view} />}
        {answers && <Answer view={view} />}
        {(accepts || withdraws) && <BuyerActs view={view} accepts={accepts} />}
        {appeals && <Appeal view={view} />}
      </div>
    </section>
  );
}

function Answer({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { message } = App.useApp();
  const { currency } = view.explanation;
  const unit = 10 ** minorDigits(currency);
  const [answer, setAnswer] = useState('agree');
  const [offer, setOffer] = useState<number | null>(null);
  const [statement, setStatement] = useState('');
  const send = useAct((body: Answered) => answerClaim(market, view.claim, body));
  const offered = Math.round((offer ?? 0) * unit);
  return (
    <div className="stack" style={{ gap: 10 }}>
      <h2>{t('answer.title')}</h2>
      <div className="row wrap">
        <Segmented value={answer} options={(['agree', 'offer', 'refuse'] as const).map((value) => ({ value, label: t(`answer.${value}`) }))} onChange={setAnswer} />
        {answer === 'offer' && <InputNumber aria-label={t('claim.offer')} min={0} precision={minorDigits(currency)} suffix={<span data-user-content>{currency}</span>} value={offer} onChange={setOffer} />}
      </div>
      <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} value={statement} placeholder={t('answer.statement')} aria-label={t('answer.statement')} onChange={(event) => setStatement(event.target.value)} />
      <p className="soft small">{answer === 'agree' ? t('answer.money', { money: formats.money(view.state.at_risk_minor, currency) }) : answer === 'offer' ? t('answer.offer.way') : t('answer.refuse.way')}</p>
      {send.error && <ProblemNote problem={send.error} />}
      <div>
        <Button
          type="primary"
          loading={send.isPending}
          disabled={answer === 'offer' && offered <= 0}
          onClick={() => send.mutate({ answer, ...(answer === 'offer' ? { offer_minor: offered } : {}), ...(statement.trim() ? { statement: statement.trim() } : {}) }, { onSuccess: () => void message.success(t('review.done')) })}
        >
          {t('answer.send')}
        </Button>
      </div>
    </div>
  );
}

function BuyerActs({ view, accepts }: { view: ClaimView; accepts: boolean }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const accept = useAct(() => acceptOffer(market, view.claim));
  const withdraw = useAct(() => withdrawClaim(market, view.claim));
  const problem = accept.error ?? withdraw.error;
  return (
    <div className="stack" style={{ gap: 10 }}>
      <div className="row wrap">
        {accepts && (
          <>
            <span>{t('claim.offer')}: <strong className="number">{formats.money(view.state.offer_minor ?? 0, view.explanation.currency)}</strong></span>
            <Button type="primary" loading={accept.isPending} onClick={() => accept.mutate(undefined)}>{t('buyer.accept')}</Button>
          </>
        )}
        <Popconfirm title={t('buyer.withdraw.sure')} okText={t('buyer.withdraw')} onConfirm={() => withdraw.mutate(undefined)}>
          <Button loading={withdraw.isPending}>{t('buyer.withdraw')}</Button>
        </Popconfirm>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

function Appeal({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { party, roles } = useMay();
  const { message } = App.useApp();
  const { buyer, shop, appeal } = view.explanation;
  const operator = roles.includes('platform_operator');
  const [side, setSide] = useState(buyer && (buyer === party || operator) ? 'buyer' : 'merchant');
  const [statement, setStatement] = useState('');
  const send = useAct((text: string) => openAppeal(market, { against: view.claim, against_kind: 'ruling', appellant: side === 'buyer' ? (buyer ?? '') : shop, side, statement: text }));
  return (
    <div className="stack" style={{ gap: 10 }}>
      <h2>{t('appeal.title')}</h2>
      <p className="soft small">{t('appeal.way', { time: formats.time(appeal?.until ?? '') })}</p>
      {operator && <Segmented value={side} options={(['buyer', 'merchant'] as const).map((value) => ({ value, label: t(`appeal.for.${value}`) }))} onChange={setSide} />}
      <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} value={statement} placeholder={t('appeal.statement')} aria-label={t('appeal.statement')} onChange={(event) => setStatement(event.target.value)} />
      {send.error && <ProblemNote problem={send.error} />}
      <div><Button disabled={!statement.trim()} loading={send.isPending} onClick={() => send.mutate(statement.trim(), { onSuccess: () => void message.success(t('review.done')) })}>{t('appeal.send')}</Button></div>
    </div>
  );
}
