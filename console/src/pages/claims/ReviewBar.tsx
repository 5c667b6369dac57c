import { Alert, App, Button, Input, InputNumber, Segmented, Select } from 'antd';
import { useState } from 'react';

import { type ClaimView, reviewCase, useAct } from '../../api/claims';
import { useRules } from '../../api/rules';
import { useFormats, useMarket } from '../../app/market';
import { minorDigits } from '../../format/currency';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';

const outcomes = ['uphold', 'uphold_in_part', 'reject', 'ask_evidence', 'ask_jury', 'escalate'] as const;
const liabilities = ['merchant', 'buyer', 'carrier', 'platform', 'streamer', 'nobody'] as const;
type Outcome = (typeof outcomes)[number];

/** The reviewer's decision: what, how much, on which clause, why — with the money before it is sent. */
export function ReviewBar({ view }: { view: ClaimView }) {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { message } = App.useApp();
  const { state, explanation } = view;
  const { currency } = explanation;
  const unit = 10 ** minorDigits(currency);
  const rules = useRules(market, 'guarantees');
  const [outcome, setOutcome] = useState<Outcome>('uphold');
  const [major, setMajor] = useState<number | null>(null);
  const [liability, setLiability] = useState<string>('merchant');
  const [clauses, setClauses] = useState<string[]>(state.guarantee ? [state.guarantee] : []);
  const [statement, setStatement] = useState('');
  const send = useAct((look: Parameters<typeof reviewCase>[2]) => reviewCase(market, view.claim, look));

  const decides = ['uphold', 'uphold_in_part', 'reject'].includes(outcome);
  const part = Math.round((major ?? 0) * unit);
  const paid = outcome === 'uphold' ? state.at_risk_minor : outcome === 'uphold_in_part' ? part : 0;
  const lacks = outcome === 'uphold_in_part' && !(part > 0 && part <= state.at_risk_minor) ? t('review.amount.needed') : !statement.trim() ? t('review.statement.needed') : undefined;
  const decide = () =>
    send.mutate(
      {
        outcome,
        ...(outcome === 'uphold_in_part' ? { amount_minor: part } : {}),
        ...(decides && outcome !== 'reject' ? { liability } : {}),
        ...(clauses.length > 0 ? { clauses } : {}),
        ...(explanation.stage === 'appealed' && state.case.appeal ? { appeal: state.case.appeal } : {}),
        statement: statement.trim(),
      },
      {
        onSuccess: () => {
          setStatement('');
          void message.success(t('review.done'));
        },
      },
    );

  return (
    <section className="panel" data-testid="review">
      <div className="panel-head"><div className="grow"><h2>{t('review.title')}</h2><div className="sub">{t('review.sub')}</div></div></div>
      <div className="stack" style={{ gap: 12 }}>
        <div className="scroll-x"><Segmented value={outcome} options={outcomes.map((value) => ({ value, label: t(`review.${value}`) }))} onChange={setOutcome} /></div>
        <div className="fields">
          {outcome === 'uphold_in_part' && (
            <label>{t('review.amount')}
              <InputNumber style={{ width: '100%' }} min={0} max={state.at_risk_minor / unit} precision={minorDigits(currency)} suffix={<span data-user-content>{currency}</span>} value={major} onChange={setMajor} data-testid="review-amount" />
            </label>
          )}
          {decides && outcome !== 'reject' && (
            <label>{t('claim.liability')}
              <Select value={liability} options={liabilities.map((value) => ({ value, label: t(`liability.${value}`) }))} onChange={setLiability} />
            </label>
          )}
          <label className="wide">{t('review.clauses')}
            <Select
              mode="multiple"
              value={clauses}
              loading={rules.isLoading}
              optionFilterProp="label"
              placeholder={t('review.clauses.pick')}
              options={(rules.data ?? []).map((rule) => ({ value: rule.name, label: rule.title[lang] }))}
              onChange={setClauses}
            />
          </label>
        </div>
        <label className="field">{t('review.statement')}
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} value={statement} onChange={(event) => setStatement(event.target.value)} placeholder={t('review.statement.hint')} />
        </label>
        {decides && (
          <Alert
            type={outcome === 'reject' ? 'info' : 'success'}
            data-testid="money-preview"
            data-paid={paid}
            title={outcome === 'reject' ? t('review.money.none') : t('review.money', { money: formats.money(paid, currency) })}
            description={outcome !== 'reject' && paid < state.at_risk_minor ? t('review.money.left', { money: formats.money(state.at_risk_minor - paid, currency) }) : undefined}
          />
        )}
        {send.error && <ProblemNote problem={send.error} />}
        <div className="row wrap">
          <Button type="primary" disabled={lacks !== undefined} loading={send.isPending} onClick={decide}>{t('review.send')}</Button>
          {lacks && <span className="soft small">{lacks}</span>}
        </div>
      </div>
    </section>
  );
}
