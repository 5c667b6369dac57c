import { Empty, Input } from 'antd';
import { useState } from 'react';

import { useRules } from '../../api/rules';
import { useFormats, useMarket } from '../../app/market';
import { Link, addressIn } from '../../app/router';
import { useTexts } from '../../i18n';
import { PageHead } from '../../parts/PageHead';
import { ProblemNote } from '../../parts/ProblemNote';
import { Word } from '../../parts/Things';
import { Waiting } from '../../parts/Waiting';
import { shortVersion } from '../../parts/Definition';
import { Proposals } from './Proposals';

/** What people are bound by comes first; how numbers and files are read comes last. */
const order = ['guarantees', 'penalties', 'badges', 'standing', 'fees', 'settlement', 'waterfalls', 'governance', 'jury', 'orders', 'calendar', 'metrics', 'mappings'];

/** Documents in force, by family. */
export function RuleList() {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { market } = useMarket();
  const asked = useRules(market);
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const rows = (asked.data ?? []).filter((rule) => `${rule.family} ${rule.name} ${rule.title.zh} ${rule.title.en}`.toLowerCase().includes(wanted));
  const rank = (family: string) => (order.includes(family) ? order.indexOf(family) : order.length);
  const families = [...new Set(rows.map((rule) => rule.family))].sort((a, b) => rank(a) - rank(b));
  return (
    <>
      <PageHead title={t('rules.title')} sub={t('rules.sub')}>
        <Input allowClear style={{ maxWidth: 280 }} placeholder={t('rules.search')} aria-label={t('rules.search')} value={search} onChange={(event) => setSearch(event.target.value)} />
      </PageHead>
      <div className="stack">
        <Proposals />
        {asked.error ? <ProblemNote problem={asked.error} retry={() => void asked.refetch()} /> : asked.isPending ? <Waiting /> : families.length === 0 ? (
          <section className="panel"><Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('rules.none')} /></section>
        ) : (
          <div className="two-columns" data-testid="rules">
            {families.map((family) => (
              <section className="panel" key={family} data-testid={`family-${family}`}>
                <div className="panel-head"><div className="grow"><h2><Word group="family" name={family} /></h2></div></div>
                <div className="scroll-x"><table className="list">
                  <thead><tr><th>{t('rules.rule')}</th><th>{t('common.version')}</th><th className="end">{t('rules.from')}</th></tr></thead>
                  <tbody>
                    {rows.filter((rule) => rule.family === family).map((rule) => (
                      <tr key={rule.name}>
                        <td><Link to={addressIn(market, 'rules', [family, rule.name])} data-user-content>{rule.title[lang]}</Link><div className="small soft mono" data-user-content>{rule.name}</div></td>
                        <td className="mono" data-user-content>{shortVersion(rule.version)}</td>
                        <td className="end">{began(rule.effective_from) ? formats.date(rule.effective_from) : t('rules.always')}</td>
                      </tr>
                    ))}
                  </tbody>
                </table></div>
              </section>
            ))}
          </div>
        )}
      </div>
    </>
  );
}

/** A document in force since 1970 holds from the beginning. */
export function began(effectiveFrom: string): boolean {
  return Date.parse(effectiveFrom) > 0;
}
