import { useFormats } from '../app/market';
import { useMarketNow } from '../app/useMarketNow';
import { leftUntil } from '../format/countdown';
import { useTexts } from '../i18n';
import { Pill } from './Pill';

/** How long until a clock runs out; the instant itself on pointing at it. A right that ran out is over, where a duty is late. */
export function Due({ at, right }: { at: string | undefined | null; right?: boolean }) {
  const { t } = useTexts();
  const formats = useFormats();
  const left = leftUntil(at, useMarketNow());
  if (!left || !at) return <span className="soft">–</span>;
  const values = { large: left.large, small: left.small };
  const text = left.unit === 'days' ? t('due.days', values) : left.unit === 'hours' ? t('due.hours', values) : t('due.minutes', values);
  return (
    <span title={formats.time(at)}>
      <Pill tone={left.late && right ? 'plain' : left.tone}>{left.late ? (right ? t('intake.over') : t('due.late', { time: text })) : t('due.left', { time: text })}</Pill>
    </span>
  );
}
