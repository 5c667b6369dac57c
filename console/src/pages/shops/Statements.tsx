import { Button, Drawer } from 'antd';

import { type StatementHead, useStatement, useStatements } from '../../api/money';
import { useFormats, useMarket } from '../../app/market';
import { setQuery, usePlace } from '../../app/router';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { ProblemNote } from '../../parts/ProblemNote';
import { ClaimLink, FactLink, OrderLink, Purpose } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';

/** The statements of a party, the latest first; each opens to its lines and the orders behind them. */
export function Statements({ kind, id }: { kind: string; id: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { query } = usePlace();
  const asked = useStatements(market, kind, id);
  const open = query.get('statement') ?? undefined;
  const rows = asked.data ?? [];
  return (
    <Panel title={t('statements.title')} sub={t('statements.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="statements">
      {rows.length === 0 ? <p className="soft">{t('statements.none')}</p> : (
        <div className="scroll-x">
          <table className="list">
            <thead><tr><th>{t('statements.period')}</th><th className="end">{t('statements.total')}</th><th className="end">{t('statements.paid')}</th><th>{t('facts.seq')}</th><th /></tr></thead>
            <tbody>
              {rows.map((head) => (
                <tr key={head.statement} data-testid="statement-row">
                  <td className="number">{formats.date(head.from)} – {formats.date(head.until)}</td>
                  <td className="end number">{formats.money(head.total_minor, head.currency)}</td>
                  <td className="end number good">{head.paid_minor === null || head.paid_minor === undefined ? '–' : formats.money(head.paid_minor, head.currency)}</td>
                  <td><FactLink seq={head.seq} /></td>
                  <td><Button size="small" type="link" onClick={() => setQuery({ statement: head.statement })} data-testid="open-statement">{t('statements.open')}</Button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Drawer open={open !== undefined} onClose={() => setQuery({ statement: undefined })} size="large" title={t('statements.title')}>
        {open && <Opened id={open} />}
      </Drawer>
    </Panel>
  );
}

function Opened({ id }: { id: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useStatement(market, id);
  if (asked.error) return <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting />;
  const { head, lines } = asked.data;
  return (
    <div className="stack" data-testid="statement-lines">
      <code data-user-content>{head.statement}</code>
      <Sums head={head} />
      <div className="scroll-x">
        <table className="list">
          <thead><tr><th>{t('room.when')}</th><th>{t('room.what')}</th><th className="end">{t('claim.amount')}</th><th>{t('room.about')}</th><th>{t('facts.seq')}</th></tr></thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${line.seq} ${line.purpose} ${line.amount_minor} ${line.posting}`} data-testid="statement-line" data-minor={line.amount_minor}>
                <td className="number">{formats.time(line.at)}</td>
                <td><Purpose name={line.purpose} /></td>
                <td className={`end number ${line.amount_minor < 0 ? 'bad' : 'good'}`}>{formats.money(line.amount_minor, line.currency)}</td>
                <td>{line.order ? <OrderLink id={line.order} /> : line.claim ? <ClaimLink id={line.claim} /> : line.penalty ? <code data-user-content>{line.penalty}</code> : '–'}</td>
                <td><FactLink seq={line.seq} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Sums({ head }: { head: StatementHead }) {
  const { t } = useTexts();
  const formats = useFormats();
  const after = [
    [t('statements.paid'), head.paid_minor],
    [t('statements.reserve'), head.reserve_minor],
    [t('statements.held'), head.held_minor],
  ] as const;
  return (
    <dl className="pairs">
      {head.sums.map((sum) => <div key={sum.purpose} style={{ display: 'contents' }}><dt><Purpose name={sum.purpose} /></dt><dd className="number">{formats.money(sum.amount_minor, head.currency)}</dd></div>)}
      <dt><strong>{t('statements.total')}</strong></dt><dd className="number"><strong>{formats.money(head.total_minor, head.currency)}</strong></dd>
      {after.map(([name, minor]) => typeof minor === 'number' && <div key={name} style={{ display: 'contents' }}><dt className="soft">{name}</dt><dd className="number">{formats.money(minor, head.currency)}</dd></div>)}
    </dl>
  );
}
