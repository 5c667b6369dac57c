import { Alert, Button } from 'antd';

import { Problem } from '../api/problem';
import { useTexts } from '../i18n';

/** What went wrong, the way out, and the server's own words. */
export function ProblemNote({ problem, retry }: { problem: Error; retry?: () => void }) {
  const { t, word } = useTexts();
  const told = problem instanceof Problem ? problem : undefined;
  const title = (told && word('problem', told.name)) ?? t('problem.generic');
  const way = told && word('problem', `${told.name}.way`);
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
