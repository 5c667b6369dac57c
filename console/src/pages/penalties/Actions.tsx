import type { PenaltyAction } from '../../api/conduct';
import { useFormats } from '../../app/market';
import { useTexts } from '../../i18n';
import { Due } from '../../parts/Due';
import { Pill } from '../../parts/Pill';
import { Word } from '../../parts/Things';

const hard = new Set(['ban', 'remove', 'close_shop', 'suspend_cart']);

/** What a penalty does, each with its measure. */
export function Actions({ actions, currency, counting }: { actions: PenaltyAction[]; currency?: string; counting?: boolean }) {
  const { t } = useTexts();
  const formats = useFormats();
  return (
    <span className="row wrap">
      {actions.map((action, i) => (
        <span key={i}>
          <Pill tone={hard.has(action.action) ? 'bad' : action.action === 'warn' ? 'plain' : 'open'}>
            <Word group="action" name={action.action} />
            {action.points !== undefined && ` ${formats.count(action.points)}`}
            {action.amount_minor !== undefined && ` ${formats.money(action.amount_minor, currency ?? 'CNY')}`}
          </Pill>
          {action.until && <span className="small soft"> {counting ? <Due at={action.until} /> : <>{t('penalty.until')} {formats.date(action.until)}</>}</span>}
        </span>
      ))}
    </span>
  );
}
