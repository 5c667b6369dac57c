import { App, Button, InputNumber, Modal } from 'antd';
import { useState } from 'react';

import { useAct } from '../../api/claims';
import { type OwnDebt, type Plan, agreePlan, proposePlan } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useMarketNow } from '../../app/useMarketNow';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';

const day = 86_400_000;

/** The plan by which an overdue debt is paid: what stands, what is proposed, and what the reader's side may do about it. */
export function DebtPlan({ debt, kind, id }: { debt: OwnDebt; kind: string; id: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may, staff } = useMay();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const agree = useAct((plan: string) => agreePlan(market, plan, { party: id, party_kind: kind }));
  const side = staff ? 'creditor' : 'debtor';
  const { plan, proposed } = debt;
  if (plan) return <Shown plan={plan} currency={debt.currency} title={<Pill tone="good">{t('plan.on')}</Pill>} />;
  if (!debt.overdue) return null;
  return (
    <div className="stack" style={{ gap: 6 }}>
      {proposed && <Shown plan={proposed} currency={debt.currency} title={<><Pill tone="open">{t('plan.proposed')}</Pill> <span className="small soft">{t('plan.proposed_by', { who: proposed.proposed_by })}</span></>} />}
      <div className="row wrap">
        {proposed && proposed.side === side && <span className="small soft">{t('plan.waits')}</span>}
        {proposed && proposed.side !== side && may('plan_debts') && (
          <Button size="small" type="primary" loading={agree.isPending} data-testid="agree-plan" onClick={() => agree.mutate(proposed.plan, { onSuccess: () => void message.success(t('plan.agreed')) })}>{t('plan.agree')}</Button>
        )}
        {may('plan_debts') && <Button size="small" data-testid="propose-plan" onClick={() => setOpen(true)}>{t('plan.propose')}</Button>}
      </div>
      {agree.error && <ProblemNote problem={agree.error} />}
      {open && <Proposing debt={debt} kind={kind} id={id} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Shown({ plan, currency, title }: { plan: Plan; currency: string; title: React.ReactNode }) {
  const { t } = useTexts();
  const formats = useFormats();
  const passed = plan.passed ?? 0;
  return (
    <div data-testid="debt-plan">
      <div className="row wrap">{title}{plan.share_bps !== undefined && <span className="small">{t('plan.share', { share: formats.share(plan.share_bps / 10_000) })}</span>}</div>
      <ol className="plain-list small">
        {plan.instalments.map((part, i) => (
          <li key={part.due} className={i < passed ? 'soft' : undefined}>
            <span className="number">{formats.money(part.amount_minor, currency)}</span> {formats.date(part.due)} {i === passed && plan.agreed_by && <Due at={part.due} />}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Proposing({ debt, kind, id, onClose }: { debt: OwnDebt; kind: string; id: string; onClose(): void }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { message } = App.useApp();
  const now = useMarketNow();
  const [parts, setParts] = useState(3);
  const [days, setDays] = useState(30);
  const [share, setShare] = useState<number | null>(null);
  const count = Math.max(1, Math.min(parts, 100, debt.left_minor));
  const each = Math.floor(debt.left_minor / count);
  const instalments = Array.from({ length: count }, (_, i) => ({
    amount_minor: each + (i === 0 ? debt.left_minor - each * count : 0),
    due: new Date(now + (i + 1) * days * day).toISOString(),
  }));
  const send = useAct(() => proposePlan(market, { debt: debt.id, party: id, party_kind: kind, instalments, ...(share ? { share_bps: Math.round(share * 100) } : {}) }));
  const go = () =>
    send.mutate(undefined, {
      onSuccess: () => {
        void message.success(t('plan.sent'));
        onClose();
      },
    });
  return (
    <Modal open title={t('plan.title')} onCancel={onClose} okText={t('plan.send')} cancelText={t('common.close')} onOk={go} okButtonProps={{ loading: send.isPending }}>
      <div className="stack" data-testid="proposing-plan">
        <p className="soft small">{t('plan.sub')}</p>
        <div className="row wrap">
          <label className="field">{t('plan.parts')}<InputNumber min={1} max={100} precision={0} value={parts} onChange={(value) => setParts(value ?? 1)} /></label>
          <label className="field">{t('plan.days')}<InputNumber min={1} max={366} precision={0} value={days} onChange={(value) => setDays(value ?? 1)} /></label>
          <label className="field">{t('plan.share_label')}<InputNumber min={0} max={100} precision={2} value={share} onChange={setShare} /></label>
        </div>
        <ol className="plain-list small">{instalments.map((part) => <li key={part.due}><span className="number">{formats.money(part.amount_minor, debt.currency)}</span> {formats.date(part.due)}</li>)}</ol>
        {send.error && <ProblemNote problem={send.error} />}
      </div>
    </Modal>
  );
}
