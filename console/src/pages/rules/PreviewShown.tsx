import { Collapse } from 'antd';

import type { RulePreview } from '../../api/rules';
import { useFormats } from '../../app/market';
import { holderOf } from '../../format/accounts';
import { useTexts } from '../../i18n';
import { Json } from '../../parts/Json';
import { ClaimLink, HolderLink, OrderLink, Word } from '../../parts/Things';

/** What a change would have done: to whom, how much money, which decisions, with examples to look into. */
export function PreviewShown({ preview, days }: { preview: RulePreview; days: number }) {
  const { t } = useTexts();
  const formats = useFormats();
  const kinds = Object.entries(preview.kinds);
  const money = Object.entries(preview.money_changed_minor);
  const accounts = Object.entries(preview.accounts).flatMap(([currency, by]) => Object.entries(by).map(([account, minor]) => ({ currency, account, minor })));
  const signed = (minor: number, currency: string) => <span className={`number ${minor < 0 ? 'bad' : 'good'}`}>{minor > 0 ? '+' : ''}{formats.money(minor, currency)}</span>;
  return (
    <div className="stack preview" data-testid="preview-shown" data-subjects={preview.subjects_changed}>
      <dl className="figures">
        <div><dt>{t('preview.subjects')}</dt><dd className="number">{formats.count(preview.subjects_changed)}</dd></div>
        <div><dt>{t('preview.facts')}</dt><dd className="number">{formats.count(preview.facts)}</dd></div>
        <div><dt>{t('preview.money')}</dt><dd>{money.length === 0 ? t('preview.money.none') : money.map(([currency, minor]) => <div key={currency}>{signed(minor, currency)}</div>)}</dd></div>
        <div><dt>{t('preview.since')}</dt><dd>{formats.time(preview.since)} <span className="soft small">({t('overview.segments.days', { days })})</span></dd></div>
      </dl>
      {preview.subjects_changed === 0 ? <p className="soft">{t('preview.nothing')}</p> : (
        <>
          <div className="grid">
            {kinds.length > 0 && (
              <div className="w6 scroll-x">
                <table className="list">
                  <thead><tr><th>{t('preview.kind')}</th><th className="end">{t('preview.less')}</th><th className="end">{t('preview.more')}</th></tr></thead>
                  <tbody>{kinds.map(([kind, [less, more]]) => <tr key={kind}><td><Word group="event" name={kind} /></td><td className="end number">{formats.count(less)}</td><td className="end number">{formats.count(more)}</td></tr>)}</tbody>
                </table>
              </div>
            )}
            {accounts.length > 0 && (
              <div className="w6 scroll-x">
                <table className="list">
                  <thead><tr><th>{t('preview.account')}</th><th className="end">{t('preview.change')}</th></tr></thead>
                  <tbody>{accounts.map(({ currency, account, minor }) => <tr key={`${currency} ${account}`}><td><Kind name={account} /></td><td className="end">{signed(minor, currency)}</td></tr>)}</tbody>
                </table>
              </div>
            )}
          </div>
          <Collapse
            size="small"
            items={preview.examples.map((example) => ({
              key: example.subject,
              label: <Subject name={example.subject} />,
              children: (
                <div className="sides">
                  <div><strong>{t('preview.was')}</strong><Json value={example.gone} /></div>
                  <div><strong>{t('preview.would')}</strong><Json value={example.new} /></div>
                </div>
              ),
            }))}
          />
        </>
      )}
    </div>
  );
}

function Kind({ name }: { name: string }) {
  const { kind, id } = holderOf(name);
  return kind ? <><Word group="holder" name={kind} /> · <Word group="purpose" name={id.split('/').pop()} /></> : <Word group="purpose" name={name} />;
}

function Subject({ name }: { name: string }) {
  const { t } = useTexts();
  const { kind, id } = holderOf(name);
  if (kind === 'order') return <>{t('orders.order')} <OrderLink id={id} /></>;
  if (kind === 'claim') return <>{t('claims.claim')} <ClaimLink id={id} /></>;
  if (kind === 'shop' || kind === 'merchant') return <><Word group="holder" name={kind} /> <HolderLink kind={kind} id={id} /></>;
  return <code data-user-content>{name}</code>;
}
