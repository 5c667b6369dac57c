import { hunks, lineDiff } from '../../format/diff';
import { useTexts } from '../../i18n';

const signs = { same: ' ', gone: '−', new: '+' } as const;

/** Two texts, line by line; far from changes it is cut short. */
export function Diff({ before, after }: { before: string; after: string }) {
  const { t } = useTexts();
  const found = hunks(lineDiff(before, after));
  if (found.length === 0) return <p className="soft">{t('diff.same')}</p>;
  return (
    <div className="diff" data-testid="diff">
      {found.map((hunk, i) => (
        <div key={i}>
          {hunk.skipped > 0 && <div className="diff-skip">{t('diff.skipped', { count: hunk.skipped })}</div>}
          {hunk.lines.map((line, j) => <div key={j} className={`diff-line ${line.kind}`}><span aria-hidden>{signs[line.kind]}</span><code data-user-content>{line.text || ' '}</code></div>)}
        </div>
      ))}
    </div>
  );
}
