import { App, Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';

import { type ProposalRow, useApprove, useProposals, useRule } from '../../api/rules';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { ProblemNote } from '../../parts/ProblemNote';
import { RuleLink } from '../../parts/Things';
import { Diff } from './Diff';

/** Changes that wait for a second pair of eyes. */
export function Proposals({ of }: { of?: { family: string; name: string } }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const asked = useProposals(market);
  const rows = (asked.data?.items ?? []).filter((row) => !of || (row.family === of.family && row.name === of.name));
  if (of && rows.length === 0) return null;
  return (
    <Panel title={t('proposals.title')} sub={t('proposals.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="proposals">
      {rows.length === 0 ? <p className="soft">{t('proposals.none')}</p> : <div className="stack">{rows.map((row) => <Proposal key={row.version} row={row} />)}</div>}
    </Panel>
  );
}

function Proposal({ row }: { row: ProposalRow }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const { may, party } = useMay();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [statement, setStatement] = useState('');
  const approve = useApprove(market);
  const mine = row.approvers.includes(party);
  return (
    <div className="proposal" data-testid="proposal">
      <div className="row wrap">
        <strong><RuleLink version={row.version} /></strong>
        <span className="soft">{t('proposals.from')} {formats.time(row.effective_from)}</span>
      </div>
      <div className="small">
        {t('proposals.by')} <span data-user-content>{row.proposer}</span> · {formats.time(row.at)} · {row.approvers.length > 0 ? <>{t('proposals.approved')} <span data-user-content>{row.approvers.join(', ')}</span></> : t('proposals.nobody')}
      </div>
      {row.statement && <blockquote className="said" data-user-content>{row.statement}</blockquote>}
      <div className="row wrap">
        <Button size="small" onClick={() => setOpen(!open)} aria-expanded={open}>{t('proposals.diff')}</Button>
        {may('approve_rules') && (
          <Popconfirm
            title={t('proposals.approve.sure')}
            description={<Input value={statement} placeholder={t('proposals.approve.statement')} onChange={(event) => setStatement(event.target.value)} />}
            okText={t('proposals.approve')}
            onConfirm={() => approve.mutate({ version: row.version, ...(statement.trim() ? { statement: statement.trim() } : {}) }, { onSuccess: () => void message.success(t('proposals.approve.done')) })}
          >
            <Button size="small" type="primary" disabled={mine} loading={approve.isPending}>{t('proposals.approve')}</Button>
          </Popconfirm>
        )}
        {mine && <span className="soft small">{t('proposals.mine')}</span>}
      </div>
      {approve.error && <ProblemNote problem={approve.error} />}
      {open && <Against row={row} />}
    </div>
  );
}

function Against({ row }: { row: ProposalRow }) {
  const { market } = useMarket();
  const asked = useRule(market, row.family, row.name);
  if (asked.isPending) return null;
  const now = asked.data?.versions.find((version) => version.in_force)?.version ?? '';
  return <Diff before={asked.data?.texts[now] ?? ''} after={row.text} />;
}
