/** Why something was decided, step by step: title, words, clause and facts, in the reader's language. */
import type { Because } from '../api/claims';
import { useTexts } from '../i18n';
import { FactLink, RuleLink } from './Things';

export function Reasons({ reasons }: { reasons: Because[] }) {
  const { t, lang } = useTexts();
  return (
    <ol className="reasons">
      {reasons.map((reason, i) => {
        const title = lang === 'zh' ? reason.title_zh : reason.title_en;
        const told = lang === 'zh' ? reason.zh : reason.en;
        return (
          <li key={i} data-testid="reason" data-code={reason.code}>
            {title ?? <code data-user-content>{reason.code}</code>}
            {told ? <div className="small">{told}</div> : reason.text && <div className="small" data-user-content>{reason.text}</div>}
            {reason.clause && <div className="small">{reason.clause.includes('@') ? <RuleLink version={reason.clause} /> : <span data-user-content>{reason.clause}</span>}</div>}
            {reason.facts.length > 0 && <div className="small row wrap">{t('facts.because')} {reason.facts.map((seq) => <FactLink key={seq} seq={seq} />)}</div>}
          </li>
        );
      })}
    </ol>
  );
}
