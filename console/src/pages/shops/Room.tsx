import { Alert } from 'antd';

import { useClaims } from '../../api/claims';
import { type BadgeRow, useBadges } from '../../api/conduct';
import { type Holder, useHolder } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { Link, addressIn, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { PageHead } from '../../parts/PageHead';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { AccountName, ClaimLink, FactLink, HolderLink, Purpose, RuleLink, Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { ClaimTable } from '../claims/ClaimTable';
import { BadgeConditions } from './BadgeConditions';
import { DebtPlan } from './DebtPlan';
import { Lines } from './Lines';
import { Statements } from './Statements';
import { Withdraw } from './Withdraw';

/** What a holder has, owes and is kept from, to the last minor unit. */
export function Room({ kind, id }: { kind: string; id: string }) {
  const { t, word } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  const asked = useHolder(market, kind, id);
  const merchant = asked.data?.merchant;
  return (
    <>
      <PageHead title={t(kind === 'shop' ? 'room.title' : 'room.title.other')} sub={t('room.sub')}>
        {may('read_all_accounts') && <Link to={addressOf(market, 'shops')}>{t('room.back')}</Link>}
      </PageHead>
      {asked.error ? <ProblemNote problem={asked.error} retry={() => void asked.refetch()} /> : !asked.data ? <Waiting /> : (
        <div className="stack" data-testid="room">
          <section className="panel">
            <div className="row wrap">
              <span className="soft">{word('holder', kind) ?? <span data-user-content>{kind}</span>}</span>
              <code style={{ fontSize: 15 }} data-user-content>{id}</code>
              {merchant && <span className="soft">{t('room.of')} <HolderLink kind="merchant" id={merchant} /></span>}
              <span className="grow" />
              {may('read_standing') && <Link to={addressIn(market, 'penalties', [kind, id])}>{t('room.standing')}</Link>}
            </div>
          </section>
          {asked.data.frozen && <Alert type="error" showIcon title={t('room.frozen')} description={t('room.frozen.way')} />}
          <Balances holder={asked.data} kind={kind} id={id} />
          {merchant && <Behind id={merchant} />}
          <Owing holder={asked.data} kind={kind} id={id} />
          <Statements kind={kind} id={id} />
          <Lines kind={kind} id={id} holder={asked.data} />
          {kind === 'shop' && <Badges shop={id} />}
          {kind === 'shop' && <BadgeConditions shop={id} />}
          {kind === 'shop' && <OwnClaims shop={id} />}
        </div>
      )}
    </>
  );
}

const order = ['proceeds', 'escrow', 'margin', 'freight_cover', 'refunds', 'coupons'];

function accountsOf(holder: Holder) {
  const rank = (purpose: string) => (order.includes(purpose) ? order.indexOf(purpose) : order.length);
  return holder.accounts.filter((line) => !line.purpose.startsWith('debt/')).sort((a, b) => rank(a.purpose) - rank(b.purpose));
}

function Balances({ holder, kind, id }: { holder: Holder; kind: string; id: string }) {
  const { t } = useTexts();
  const lines = accountsOf(holder);
  return (
    <Panel title={t('room.balances')} sub={t('room.balances.sub')} extra={<Withdraw holder={holder} kind={kind} id={id} />} testId="balances">
      {lines.length === 0 ? <p className="soft">{t('room.empty')} {t('shops.empty.way')}</p> : <div className="balances">{lines.map((line) => <Balance key={`${line.account} ${line.currency}`} line={line} />)}</div>}
    </Panel>
  );
}

function Balance({ line }: { line: Holder['accounts'][number] }) {
  const { t, word } = useTexts();
  const formats = useFormats();
  const hint = word('purpose_hint', line.purpose);
  return (
    <div className="kpi short" data-testid={`balance-${line.purpose}`} data-value={line.posted_minor}>
      <span className="kpi-name"><Purpose name={line.purpose} /></span>
      <span className={`kpi-value ${line.posted_minor < 0 ? 'bad' : ''}`}>{formats.money(line.posted_minor, line.currency)}</span>
      {hint && <span className="soft small">{hint}</span>}
      <dl className="facts-dl small">
        {line.held_minor !== 0 && <><dt>{t('room.held')}</dt><dd>{formats.money(line.held_minor, line.currency)}</dd></>}
        {line.available_minor !== null && <><dt>{t('room.available')}</dt><dd>{formats.money(line.available_minor, line.currency)}</dd></>}
        {line.floor_minor !== null && line.floor_minor !== 0 && <><dt>{t('room.floor')}</dt><dd>{formats.money(line.floor_minor, line.currency)}</dd></>}
      </dl>
    </div>
  );
}

/** The merchant behind a shop: margin and freight account often stand there. */
function Behind({ id }: { id: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const asked = useHolder(market, 'merchant', id);
  if (asked.error || !asked.data || asked.data.accounts.length === 0) return null;
  return (
    <Panel title={t('room.merchant')} sub={<>{t('room.merchant.sub')} <HolderLink kind="merchant" id={id} /></>} testId="merchant-balances">
      {asked.data.frozen && <Alert type="error" showIcon title={t('room.frozen')} description={t('room.frozen.way')} style={{ marginBottom: 12 }} />}
      <div className="balances">{accountsOf(asked.data).map((line) => <Balance key={`${line.account} ${line.currency}`} line={line} />)}</div>
    </Panel>
  );
}

function Owing({ holder, kind, id }: { holder: Holder; kind: string; id: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  return (
    <div className="grid">
      <Panel className="w6" title={t('room.holds')} sub={t('room.holds.sub')} testId="holds">
        {holder.holds.length === 0 ? <p className="soft">{t('room.holds.none')}</p> : (
          <div className="scroll-x">
            <table className="list">
              <thead><tr><th>{t('room.for')}</th><th>{t('room.on')}</th><th className="end">{t('claim.amount')}</th><th>{t('room.until')}</th></tr></thead>
              <tbody>
                {holder.holds.map((hold) => (
                  <tr key={hold.hold}>
                    <td>{hold.claim ? <>{t('claims.claim')} <ClaimLink id={hold.claim} /></> : <Purpose name={hold.purpose} />}</td>
                    <td><Purpose name={hold.on} /></td>
                    <td className="end number">{formats.money(hold.amount_minor, hold.currency)}</td>
                    <td>{hold.until ? <Due at={hold.until} /> : t('room.until.decided')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <Panel className="w6" title={t('room.debts')} sub={t('room.debts.sub')} testId="own-debts">
        {holder.debts.length === 0 ? <p className="soft">{t('room.debts.none')}</p> : (
          <div className="scroll-x">
            <table className="list">
              <thead><tr><th>{t('room.for')}</th><th className="end">{t('shops.left')}</th><th>{t('claims.due')}</th><th>{t('shops.creditor')}</th></tr></thead>
              <tbody>
                {holder.debts.map((debt) => (
                  <tr key={debt.id}>
                    <td>{debt.claim ? <>{t('claims.claim')} <ClaimLink id={debt.claim} /></> : debt.penalty ? <>{t('room.penalty')} <code data-user-content>{debt.penalty}</code></> : '–'}{debt.freezes && <div className="small soft">{t('room.debts.freezes')}</div>}<DebtPlan debt={debt} kind={kind} id={id} /></td>
                    <td className="end number bad">{formats.money(debt.left_minor, debt.currency)}</td>
                    <td><Due at={debt.due} /></td>
                    <td><AccountName name={debt.creditor_account} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </div>
  );
}

function Badges({ shop }: { shop: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useBadges(market, shop);
  const rows = asked.data?.items ?? [];
  const line = (badge: BadgeRow) => (
    <div className="row wrap" key={badge.badge}>
      <Pill tone={badge.lit ? 'good' : 'plain'}>{t(badge.lit ? 'badge.lit' : 'badge.unlit')}</Pill>
      <strong><RuleLink version={`badges/${badge.badge}`}><Word group="badge_name" name={badge.badge} /></RuleLink></strong>
      <span className="soft small">{t('badge.since')} {formats.time(badge.since)}</span>
      <span className="small">{t('badge.why')} <FactLink seq={badge.seq} /></span>
    </div>
  );
  return (
    <Panel title={t('room.badges')} sub={t('room.badges.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="badges">
      {rows.length === 0 ? <p className="soft">{t('room.badges.none')}</p> : <div className="stack" style={{ gap: 8 }}>{rows.map(line)}</div>}
    </Panel>
  );
}

function OwnClaims({ shop }: { shop: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  const asked = useClaims(market, { shop, limit: 50 }, may('read_claims'));
  if (!may('read_claims')) return null;
  const rows = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t('room.claims')} extra={<Link to={addressOf(market, 'claims', { shop })}>{t('room.claims.all')}</Link>} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="shop-claims">
      <ClaimTable rows={rows.slice(0, 20)} leave={['shop']} empty={t('room.claims.none')} />
    </Panel>
  );
}
