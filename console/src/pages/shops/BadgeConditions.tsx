import { Progress } from 'antd';

import { type BadgeCondition, type BadgeProgress, useBadgeProgress } from '../../api/conduct';
import { useFormats, useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useTexts } from '../../i18n';
import { Panel } from '../../parts/Panel';
import { Pill } from '../../parts/Pill';
import { RuleLink, Word } from '../../parts/Things';

/** What each badge still lacks: every condition with yesterday's value, and the cheapest way to mend it. */
export function BadgeConditions({ shop }: { shop: string }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  const on = may('read_standing');
  const asked = useBadgeProgress(market, shop, on);
  if (!on) return null;
  return (
    <Panel title={t('progress.title')} sub={t('progress.sub')} loading={asked.isPending} problem={asked.error} retry={() => void asked.refetch()} testId="badge-progress">
      <div className="stack">{(asked.data ?? []).map((badge) => <Badge key={badge.badge} badge={badge} />)}</div>
    </Panel>
  );
}

function Badge({ badge }: { badge: BadgeProgress }) {
  const { t } = useTexts();
  const held = badge.conditions.filter((condition) => condition.holds).length;
  return (
    <details data-testid="badge" data-held={held}>
      <summary className="row wrap">
        <Pill tone={badge.lit ? 'good' : 'plain'}>{t(badge.lit ? 'badge.lit' : 'badge.unlit')}</Pill>
        <strong><RuleLink version={badge.version}><Word group="badge_name" name={badge.badge} /></RuleLink></strong>
        <span className="grow"><Progress percent={Math.round((held / badge.conditions.length) * 100)} format={() => `${held} / ${badge.conditions.length}`} size="small" /></span>
      </summary>
      <div className="stack" style={{ gap: 6, marginTop: 8 }}>{badge.conditions.map((condition) => <Condition key={condition.name} condition={condition} />)}</div>
    </details>
  );
}

function Condition({ condition }: { condition: BadgeCondition }) {
  const { t, lang } = useTexts();
  const formats = useFormats();
  const { fix } = condition;
  return (
    <div className="row wrap small" data-testid="condition">
      <Pill tone={condition.holds ? 'good' : 'bad'}>{t(condition.holds ? 'progress.holds' : 'progress.fails')}</Pill>
      <span data-user-content>{condition[lang]}</span>
      {condition.needed !== undefined && <span className="soft number">{t('progress.value', { value: condition.value === undefined ? '–' : formats.count(condition.value), needed: formats.count(condition.needed) })}</span>}
      {condition.days_seen !== undefined && <span className="soft">{t('progress.days', { held: formats.count(condition.days_held ?? 0), seen: formats.count(condition.days_seen) })}</span>}
      {fix && <span>{t('progress.fix')} <span data-user-content>{fix[lang]}</span></span>}
      {fix?.good_events !== undefined && fix.good_events > 0 && <span className="soft">{t('progress.good_events', { n: formats.count(fix.good_events) })}</span>}
    </div>
  );
}
