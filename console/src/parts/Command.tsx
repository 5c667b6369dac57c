import { CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';

import { useTexts } from '../i18n';

/** A command to run elsewhere, ready to be copied. */
export function Command({ text }: { text: string }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      void message.success(t('done.copied'));
    } catch {
      // without a secure context there is no clipboard; the text can be selected
    }
  };
  return (
    <span className="command">
      <code data-user-content>{text}</code>
      <Button size="small" type="text" icon={<CopyOutlined />} aria-label={t('sign_in.copy')} onClick={() => void copy()} />
    </span>
  );
}
