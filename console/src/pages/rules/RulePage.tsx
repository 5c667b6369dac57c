import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';

import { type RuleWithHistory, useProposals, useRule } from '../../api/rules';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { Link, addressOf, setQuery, usePlace } from '../../app/router';
import { useTexts } from '../../i18n';
import { shortVersion } from '../../parts/Definition';
import { PageHead } from '../../parts/PageHead';
import { Pill } from '../../parts/Pill';
import { ProblemNote } from '../../parts/ProblemNote';
import { Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { Diff } from './Diff';
import { Editor } from './Editor';
import { Proposals } from './Proposals';
import { began } from './RuleList';

/** One document: its versions, what changed between them, and a place to change it. */
export function RulePage({ family, name }: { family: string; name: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const asked = useRule(market, family, name);
  return (
    <>
      <PageHead title={t('rule.title')} sub={t('rule.sub')}><Link to={addressOf(market, 'rules')}>{t('rule.back')}</Link></PageHead>
      {asked.error ? <ProblemNote problem={asked.error} retry={() => void asked.refetch()} /> : asked.data ? <Shown family={family} name={name} rule={asked.data} /> : <Waiting />}
    </>
  );
}

function Shown({ family, name, rule }: { family: string; name: string; rule: RuleWithHistory }) {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { query } = usePlace();
  const { may } = useMay();
  const [editing, setEditing] = useState(false);
  const waiting = useProposals(useMarket().market).data?.items ?? [];
  const taken = [...rule.versions, ...waiting.filter((row) => row.family === family && row.name === name)].map((row) => shortVersion(row.version));
  const newest = [...rule.versions].reverse();
  const inForce = rule.versions.find((row) => row.in_force);
  const shown = newest.find((row) => row.version === query.get('version')) ?? inForce ?? newest[0];
  const at = rule.versions.findIndex((row) => row.version === shown?.version);
  const [other, setOther] = useState<string>();
  const against = other ?? rule.versions[at - 1]?.version;
  const [view, setView] = useState<'text' | 'diff'>('text');
  if (!shown) return null;
  const text = rule.texts[shown.version] ?? '';
  const label = (row: (typeof newest)[number]) => `${shortVersion(row.version)} · ${began(row.effective_from) ? formats.date(row.effective_from) : t('rules.always')}`;
  return (
    <div className="stack" data-testid="rule">
      <section className="panel">
        <div className="row wrap">
          <strong style={{ fontSize: 17 }} data-user-content>{shown.title[lang]}</strong>
          <code className="soft" data-user-content>{family}/{name}</code>
          <Pill tone="plain"><Word group="family" name={family} /></Pill>
          <span className="grow" />
          {may('preview_rules') && !editing && <Button type="primary" onClick={() => setEditing(true)} data-testid="edit-rule">{t('rule.edit')}</Button>}
        </div>
      </section>
      <Proposals of={{ family, name }} />
      {editing && <Editor family={family} name={name} text={rule.texts[inForce?.version ?? shown.version] ?? text} taken={taken} onClose={() => setEditing(false)} />}
      <div className="split">
        <section className="panel" data-testid="versions">
          <div className="panel-head"><h2>{t('rule.versions')}</h2></div>
          <nav className="pick" aria-label={t('rule.versions')}>
            {newest.map((row) => (
              <a key={row.version} href={`?version=${encodeURIComponent(row.version)}`} aria-current={row.version === shown.version} onClick={(event) => { event.preventDefault(); setOther(undefined); setQuery({ version: row.version }, { replace: false }); }}>
                <span className="mono" data-user-content>{shortVersion(row.version)}</span>{' '}
                {row.in_force && <Pill tone="good">{t('rule.in_force')}</Pill>}
                <div className="small soft">{began(row.effective_from) ? <>{t('rules.from')} {formats.date(row.effective_from)}</> : t('rules.always')}</div>
              </a>
            ))}
          </nav>
        </section>
        <section className="panel">
          <div className="panel-head">
            <Segmented size="small" value={view} options={[{ value: 'text', label: t('rule.text') }, { value: 'diff', label: t('rule.diff'), disabled: rule.versions.length < 2 }]} onChange={setView} />
            {view === 'diff' && (
              <Select
                size="small"
                style={{ minWidth: 220 }}
                aria-label={t('rule.against')}
                placeholder={t('rule.against')}
                value={against}
                options={newest.filter((row) => row.version !== shown.version).map((row) => ({ value: row.version, label: label(row) }))}
                onChange={setOther}
              />
            )}
          </div>
          {view === 'diff' && against ? <Diff before={rule.texts[against] ?? ''} after={text} /> : view === 'diff' ? <p className="soft">{t('diff.first')}</p> : <pre className="block tall" data-user-content tabIndex={0}>{text}</pre>}
        </section>
      </div>
    </div>
  );
}
