import { Skeleton } from 'antd';

import { useTexts } from '../i18n';

/** Shown while a page's first answer is on its way. */
export function Waiting() {
  const { t } = useTexts();
  return (
    <div style={{ padding: 24 }} role="status" aria-label={t('common.loading')}>
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  );
}
