import { App, Button, InputNumber, Modal } from 'antd';
import { useState } from 'react';

import { useAct } from '../../api/claims';
import { type Holder, withdraw } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { minorDigits } from '../../format/currency';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';
import { ClaimLink, Purpose } from '../../parts/Things';

/** What can be withdrawn, what stays behind and why; then the withdrawal itself. */
export function Withdraw({ holder, kind, id }: { holder: Holder; kind: string; id: string }) {
  const { t } = useTexts();
  const { may } = useMay();
  const [open, setOpen] = useState(false);
  const proceeds = holder.accounts.filter((line) => line.purpose === 'proceeds');
  if (!may('withdraw') || proceeds.length === 0) return null;
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)} data-testid="withdraw">{t('withdraw.open')}</Button>
      {open && <Asking holder={holder} kind={kind} id={id} onClose={() => setOpen(false)} />}
    </>
  );
}

function Asking({ holder, kind, id, onClose }: { holder: Holder; kind: string; id: string; onClose(): void }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { message } = App.useApp();
  const line = holder.accounts.find((account) => account.purpose === 'proceeds');
  const currency = line?.currency ?? 'CNY';
  const unit = 10 ** minorDigits(currency);
  const available = line?.available_minor ?? 0;
  const [major, setMajor] = useState<number | null>(null);
  const send = useAct((amount_minor: number | undefined) => withdraw(market, { party: id, party_kind: kind, ...(amount_minor === undefined ? {} : { amount_minor, currency }) }));
  const owed = holder.debts.filter((debt) => debt.currency === currency).reduce((sum, debt) => sum + debt.left_minor, 0);
  const holds = holder.holds.filter((hold) => hold.on === 'proceeds' && hold.currency === currency);
  const stays = line ? line.posted_minor - available : 0;
  const escrow = holder.accounts.find((account) => account.purpose === 'escrow' && account.currency === currency)?.posted_minor ?? 0;
  const go = () =>
    send.mutate(major === null ? undefined : Math.round(major * unit), {
      onSuccess: () => {
        void message.success(t('withdraw.done'));
        onClose();
      },
    });
  return (
    <Modal open title={t('withdraw.title')} onCancel={onClose} okText={t('withdraw.go')} cancelText={t('common.close')} onOk={go} okButtonProps={{ disabled: holder.frozen || available <= 0, loading: send.isPending }}>
      <div className="stack" data-testid="withdrawing">
        <dl className="pairs">
          <dt>{t('withdraw.there')}</dt><dd className="number">{formats.money(line?.posted_minor ?? 0, currency)}</dd>
          <dt>{t('withdraw.free')}</dt><dd className="number good" data-testid="withdraw-free">{formats.money(available, currency)}</dd>
          <dt>{t('withdraw.stays')}</dt><dd className="number">{formats.money(stays, currency)}</dd>
        </dl>
        <div>
          <h3 style={{ fontSize: 14 }}>{t('withdraw.why')}</h3>
          <ul className="plain-list">
            {holder.frozen && <li className="bad">{t('room.frozen')}</li>}
            {holds.map((hold) => <li key={hold.hold}>{formats.money(hold.amount_minor, hold.currency)} · {hold.claim ? <>{t('withdraw.why.claim')} <ClaimLink id={hold.claim} /></> : <Purpose name={hold.purpose} />}</li>)}
            {owed > 0 && <li>{t('withdraw.why.debts', { money: formats.money(owed, currency) })}</li>}
            {escrow > 0 && <li>{t('withdraw.why.escrow', { money: formats.money(escrow, currency) })}</li>}
            {!holder.frozen && holds.length === 0 && owed === 0 && escrow <= 0 && <li>{t('withdraw.why.nothing')}</li>}
          </ul>
        </div>
        <label className="field">{t('withdraw.amount')}
          <InputNumber style={{ width: '100%' }} min={0} max={available / unit} precision={minorDigits(currency)} value={major} onChange={setMajor} placeholder={t('withdraw.all')} suffix={<span data-user-content>{currency}</span>} />
        </label>
        {send.error && <ProblemNote problem={send.error} />}
      </div>
    </Modal>
  );
}
