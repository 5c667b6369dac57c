import { Input, Select, Tag } from 'antd';
import { useState } from 'react';

import type { MetricDefinition } from '../api/answers';
import { useDefinitions } from '../api/queries';
import { useMarket } from '../app/market';
import { Link, addressOf, navigate, usePlace } from '../app/router';
import { type TextKey, useTexts } from '../i18n';
import { PageHead } from '../parts/PageHead';
import { ProblemNote } from '../parts/ProblemNote';
import { Waiting } from '../parts/Waiting';
import { Ask } from './metrics/Ask';

/** Known metrics in the order of reading; others follow in a group of their own. */
const groups: [TextKey, string[]][] = [
  ['metrics.group.sales', ['gmv', 'valid_gmv', 'net_sales', 'orders', 'units', 'order_value', 'refund_rate', 'top_items']],
  ['metrics.group.repurchase', [...['30d', '90d', '365d', 'month'].flatMap((w) => [`repurchase_rate_${w}_calendar`, `repurchase_rate_${w}_cohort`]), 'cohort_retention']],
  ['metrics.group.buyers', ['buyers', 'rfm_segments']],
];

function grouped(items: MetricDefinition[]): [TextKey, MetricDefinition[]][] {
  const known = groups.map(([title, ids]): [TextKey, MetricDefinition[]] => [title, ids.flatMap((id) => items.filter((item) => item.id === id))]);
  const placed = new Set(known.flatMap(([, own]) => own));
  return [...known, ['metrics.group.other', items.filter((item) => !placed.has(item))]];
}

/** The registry: what every number means, and a place to ask for it. */
export default function Metrics() {
  const { t, lang } = useTexts();
  const { market } = useMarket();
  const { query } = usePlace();
  const asked = useDefinitions(market);
  const [search, setSearch] = useState('');
  const items = asked.data?.items ?? [];
  const chosen = items.find((m) => m.id === query.get('metric')) ?? items.find((m) => m.id === 'gmv') ?? items[0];
  const wanted = search.trim().toLowerCase();
  const found = items.filter((m) => `${m.id} ${m.name.zh} ${m.name.en}`.toLowerCase().includes(wanted));
  return (
    <>
      <PageHead title={t('metrics.title')} sub={t('metrics.sub')} />
      {asked.error ? (
        <ProblemNote problem={asked.error} retry={() => void asked.refetch()} />
      ) : !chosen ? (
        <Waiting />
      ) : (
        <div className="split">
          <section className="panel registry" data-testid="registry">
            <Select
              className="narrow-only"
              aria-label={t('metrics.title')}
              value={chosen.id}
              options={grouped(items).flatMap(([title, own]) => (own.length > 0 ? [{ label: t(title), options: own.map((m) => ({ value: m.id, label: m.name[lang] })) }] : []))}
              onChange={(id) => navigate(addressOf(market, 'metrics', { metric: id }))}
            />
            <Input allowClear placeholder={t('metrics.search')} aria-label={t('metrics.search')} value={search} onChange={(event) => setSearch(event.target.value)} />
            <nav className="pick" aria-label={t('metrics.title')}>
              {grouped(found).map(([title, own]) => own.length > 0 && (
                <div key={title} className="pick">
                  <h3>{t(title)}</h3>
                  {own.map((m) => (
                    <Link key={m.id} to={addressOf(market, 'metrics', { metric: m.id })} aria-current={m.id === chosen.id ? 'true' : undefined}>{m.name[lang]}</Link>
                  ))}
                </div>
              ))}
            </nav>
          </section>
          <div className="stack">
            <Sheet metric={chosen} />
            <Ask key={chosen.id} metric={chosen} />
          </div>
        </div>
      )}
    </>
  );
}

function Sheet({ metric }: { metric: MetricDefinition }) {
  const { t, lang, word } = useTexts();
  const { days, note } = metric.maturity;
  const also = Object.entries(metric.also);
  return (
    <section className="panel" data-testid="metric">
      <div className="panel-head">
        <div className="grow">
          <h2 style={{ fontSize: 18 }}>{metric.name[lang]}</h2>
          <code className="soft" data-user-content>{metric.id}</code>
        </div>
        <Tag data-user-content>v{metric.version}</Tag>
      </div>
      <p style={{ marginBottom: 16, maxWidth: 860 }}>{metric.definition[lang]}</p>
      <dl className="pairs">
        <dt>{t('common.owner')}</dt><dd>{word('role', metric.owner) ?? <span data-user-content>{metric.owner}</span>}</dd>
        <dt>{t('metrics.unit')}</dt><dd>{t(`unit.${metric.unit}`)}</dd>
        <dt>{t('metric.maturity')}</dt><dd>{days === 0 ? t('metric.maturity.rule.0') : t('metric.maturity.rule', { days })}<br /><span className="soft">{note[lang]}</span></dd>
        <dt>{t('metrics.grain')}</dt><dd data-user-content>{metric.grain}</dd>
        <dt>{t('metrics.window')}</dt><dd data-user-content>{metric.window}</dd>
        <dt>{t('metrics.filters')}</dt><dd data-user-content>{metric.filters}</dd>
        <dt>{t('metrics.dimensions')}</dt>
        <dd>{metric.dimensions.length === 0 ? t('common.none') : metric.dimensions.map((d) => <Tag key={d}>{word('dimension', d) ?? <span data-user-content>{d}</span>}</Tag>)}</dd>
        <dt>{t('metrics.source')}</dt><dd data-user-content>{metric.source}</dd>
        {metric.value && <><dt>{t('metrics.value')}</dt><dd><code data-user-content>{metric.value}</code></dd></>}
        {metric.numerator && <><dt>{t('metric.numerator')}</dt><dd><code data-user-content>{metric.numerator}</code></dd></>}
        {metric.denominator && <><dt>{t('metric.denominator')}</dt><dd><code data-user-content>{metric.denominator}</code></dd></>}
        {also.length > 0 && <><dt>{t('metrics.also')}</dt><dd>{also.map(([name, sql]) => <div key={name}><code data-user-content>{name} = {sql}</code></div>)}</dd></>}
      </dl>
      <h3 style={{ fontSize: 13, margin: '16px 0 6px' }} className="soft">{t('metrics.sql')}</h3>
      <pre className="block" data-user-content tabIndex={0}>{metric.sql.trim()}</pre>
    </section>
  );
}
