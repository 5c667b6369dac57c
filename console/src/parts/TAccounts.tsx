import type { Posted } from '../api/claims';
import { useFormats } from '../app/market';
import { useTexts } from '../i18n';
import { AccountName, FactLink, Purpose } from './Things';

/** A posting as a T: what accounts give on the left, what they get on the right, and that both sides are one sum. */
export function TAccounts({ posted, currency }: { posted: Posted; currency: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const given = posted.sides.filter((side) => side.amount_minor < 0);
  const got = posted.sides.filter((side) => side.amount_minor > 0);
  const sum = (sides: typeof given) => sides.reduce((total, side) => total + side.amount_minor, 0);
  const balance = sum(posted.sides);
  const half = (sides: typeof given, title: string) => (
    <div>
      <div className="t-head">{title}</div>
      {sides.map((side) => (
        <div className="t-line" key={side.account}>
          <span className="grow"><AccountName name={side.account} /></span>
          <span className="number">{formats.money(Math.abs(side.amount_minor), currency)}</span>
        </div>
      ))}
      <div className="t-line t-sum"><span className="grow">{t('common.total')}</span><span className="number">{formats.money(Math.abs(sum(sides)), currency)}</span></div>
    </div>
  );
  return (
    <div className="t-accounts" data-testid="posting" data-balance={balance}>
      <div className="row wrap">
        <strong><Purpose name={posted.purpose} /></strong>
        <FactLink seq={posted.seq} />
        {posted.reverses && <span className="soft small">{t('money.reverses')} <code data-user-content>{posted.reverses}</code></span>}
        <span className="grow" />
        <span className={balance === 0 ? 'good small' : 'bad small'}>{t(balance === 0 ? 'money.balanced' : 'money.unbalanced')}</span>
      </div>
      <div className="t-sides">{half(given, t('money.given'))}{half(got, t('money.got'))}</div>
    </div>
  );
}
