import { Alert, Button } from 'antd';

import { Problem } from '../api/problem';
import { useTexts } from '../i18n';

/** What went wrong, the way out, and the server's own words. */
export function ProblemNote({ problem, retry }: { problem: Error; retry?: () => void }) {
  const { t, word } = useTexts();
  const told = problem instanceof Problem ? problem : undefined;
  // A refusal is told by its own reason where we have words for it.
  const name = told && (word('problem', told.code) ? told.code : told.name);
  const title = (name && word('problem', name)) ?? t('problem.generic');
  const way = name && word('problem', `${name}.way`);
  const detail = told ? [told.status || '', told.detail || told.title].filter(Boolean).join(' · ') : problem.message;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      data-testid="problem"
      title={title}
      description={
        <>
          {way && <p>{way}</p>}
          {told?.code && <p className="small"><a href={`/problems/${told.code}`} target="_blank" rel="noreferrer">{t('problem.explained')}</a></p>}
          {detail && (
            <p className="small soft told">
              {t('problem.detail')}: <code data-user-content>{detail}</code>
            </p>
          )}
        </>
      }
      action={retry && <Button size="small" onClick={retry}>{t('common.retry')}</Button>}
    />
  );
}
