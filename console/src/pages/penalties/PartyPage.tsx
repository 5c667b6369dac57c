import { Button, Progress } from 'antd';
import { Fragment, useState } from 'react';

import { type Standing, usePenalty, useStanding } from '../../api/conduct';
import { Problem } from '../../api/problem';
import { useFormats, useMarket } from '../../app/market';
import { Link, addressIn, addressOf } from '../../app/router';
import { useTexts } from '../../i18n';
import { PageHead } from '../../parts/PageHead';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { Reasons } from '../../parts/Reasons';
import { FactLink, RuleLink, Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { Actions } from './Actions';

/** How a party stands: points on both ladders, credits, what is in force, and its penalties. */
export function PartyPage({ kind, id }: { kind: string; id: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const asked = useStanding(market, kind, id);
  const none = asked.error instanceof Problem && asked.error.status === 404;
  return (
    <>
      <PageHead title={t('standing.title')} sub={t('standing.sub')}><Link to={addressOf(market, 'penalties')}>{t('standing.back')}</Link></PageHead>
      <div className="stack">
        <section className="panel">
          <div className="row wrap">
            <span className="soft"><Word group="holder" name={kind} /></span>
            <code style={{ fontSize: 15 }} data-user-content>{id}</code>
            <span className="grow" />
            <Link to={addressIn(market, 'shops', kind === 'shop' ? [id] : [id, kind])}>{t('standing.money')}</Link>
          </div>
        </section>
        {none ? <p className="soft" role="status">{t('standing.none')}</p> : asked.error ? <ProblemNote problem={asked.error} retry={() => void asked.refetch()} /> : asked.data ? <Shown standing={asked.data} /> : <Waiting />}
      </div>
    </>
  );
}

function Shown({ standing }: { standing: Standing }) {
  const { t } = useTexts();
  const formats = useFormats();
  const [open, setOpen] = useState<string>();
  const whole = (points: number) => formats.count(points / (standing.points_unit || 1));
  const actionOf = (running: Standing['running'][number]) => ({
    ...(typeof running.action === 'string' ? { action: running.action } : running.action),
    ...(running.until ? { until: running.until } : {}),
  });
  return (
    <>
      <div className="grid">
        <Panel className="w6" title={t('standing.points')} sub={t('standing.year', { year: standing.year })} testId="points">
          <div className="stack">
            {standing.ladders.map((ladder) => {
              const next = typeof ladder.next_mark === 'number' ? ladder.next_mark : undefined;
              return (
                <div key={ladder.ladder}>
                  <div className="row wrap">
                    <strong><Word group="ladder" name={ladder.ladder} /></strong>
                    {ladder.closed && <Pill tone="bad">{t('standing.closed')}</Pill>}
                    <span className="grow" />
                    <span className="number">{next === undefined ? whole(ladder.counted) : t('standing.of', { points: whole(ladder.counted), mark: whole(next) })}</span>
                  </div>
                  <Progress percent={Math.min(100, (ladder.counted / (next ?? 100 * (standing.points_unit || 1))) * 100)} showInfo={false} status={ladder.closed ? 'exception' : 'normal'} size="small" />
                  <div className="small soft">{t('standing.before_credits', { points: whole(ladder.points) })}</div>
                </div>
              );
            })}
            <div>{t('standing.credits', { credits: formats.count(standing.credits) })} {standing.credits_void && <span className="bad small">{t('standing.credits.void')}</span>}</div>
          </div>
        </Panel>
        <Panel className="w6" title={t('standing.running')} testId="running">
          {standing.running.length === 0 ? <p className="soft">{t('standing.running.none')}</p> : (
            <ul className="plain-list">{standing.running.map((running, i) => <li key={i}><Actions actions={[actionOf(running)]} counting /> <code className="small soft" data-user-content>{running.penalty}</code></li>)}</ul>
          )}
        </Panel>
      </div>
      <Panel title={t('standing.penalties')} testId="own-penalties">
        {standing.penalties.length === 0 ? <p className="soft">{t('standing.penalties.none')}</p> : (
          <div className="scroll-x">
            <table className="list">
              <thead><tr><th>{t('penalty.at')}</th><th>{t('penalty.code')}</th><th>{t('penalty.actions')}</th><th>{t('standing.ladder')}</th><th>{t('orders.status')}</th><th>{t('claim.clock.appeal')}</th><th /></tr></thead>
              <tbody>
                {standing.penalties.map((row) => (
                  <Fragment key={row.penalty}>
                  <tr>
                    <td className="number">{formats.date(row.at)}</td>
                    <td><Word group="violation" name={row.code} /></td>
                    <td><Actions actions={row.actions} currency={row.currency} /></td>
                    <td><Word group="ladder" name={row.ladder} /></td>
                    <td><Word group="penalty_status" name={row.status} /></td>
                    <td className="number">{row.appeal_by ? formats.date(row.appeal_by) : '–'}</td>
                    <td className="row"><FactLink seq={row.seq} /><Button size="small" type="link" aria-expanded={open === row.penalty} onClick={() => setOpen(open === row.penalty ? undefined : row.penalty)} data-testid="why">{t('penalty.why')}</Button></td>
                  </tr>
                  {open === row.penalty && <tr><td colSpan={7}><Why id={row.penalty} /></td></tr>}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </>
  );
}

/** Why a penalty is what it is: the violation and its clause, each step of the range, and the way to appeal. */
function Why({ id }: { id: string }) {
  const { lang } = useTexts();
  const { market } = useMarket();
  const asked = usePenalty(market, id);
  if (asked.error) return <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting />;
  const { reasons, rules, appeal } = asked.data;
  return (
    <div className="stack" data-testid="penalty-reasons">
      <Reasons reasons={reasons} />
      <div className="small row wrap">{rules.map((rule) => <RuleLink key={rule} version={rule} />)}</div>
      {appeal && <div className="small">{appeal[lang]}</div>}
    </div>
  );
}
