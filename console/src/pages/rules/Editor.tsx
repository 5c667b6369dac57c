import { App, Button, Input, InputNumber, Tabs } from 'antd';
import { useState } from 'react';

import { usePreview, usePropose } from '../../api/rules';
import { useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useMarketNow } from '../../app/useMarketNow';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';
import { Diff } from './Diff';
import { PreviewShown } from './PreviewShown';
import { nextDraft } from './draft';

/** A change: written, checked and tried against the last days, then put forward. */
export function Editor({ family, name, text, taken, onClose }: { family: string; name: string; text: string; taken: string[]; onClose(): void }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { may } = useMay();
  const { message } = App.useApp();
  const [draft, setDraft] = useState(() => nextDraft(text, new Date(), taken));
  const [days, setDays] = useState(30);
  const [statement, setStatement] = useState('');
  // The server counts days back from its own clock; a simulated market's days lie elsewhere.
  const lag = Math.max(0, Math.round((Date.now() - useMarketNow()) / 86_400_000));
  const preview = usePreview(market);
  const propose = usePropose(market);
  const changed = (next: string) => {
    setDraft(next);
    preview.reset();
    propose.reset();
  };
  return (
    <section className="panel" data-testid="rule-editor">
      <div className="panel-head">
        <div className="grow"><h2>{t('editor.title')}</h2><div className="sub">{t('editor.sub')}</div></div>
        <Button size="small" onClick={onClose}>{t('common.close')}</Button>
      </div>
      <div className="stack">
        <Tabs
          size="small"
          items={[
            { key: 'text', label: t('editor.text'), children: <Input.TextArea className="mono" aria-label={t('editor.text')} spellCheck={false} autoSize={{ minRows: 12, maxRows: 30 }} value={draft} onChange={(event) => changed(event.target.value)} data-testid="draft" /> },
            { key: 'diff', label: t('editor.diff'), children: <Diff before={text} after={draft} /> },
          ]}
        />
        <div className="row wrap">
          <label className="row">{t('editor.days')} <InputNumber min={1} max={365} value={days} onChange={(value) => setDays(value ?? 30)} style={{ width: 80 }} /></label>
          <Button onClick={() => preview.mutate({ family, name, text: draft, days: Math.min(days + lag, 65_535) })} loading={preview.isPending} data-testid="preview">{t('editor.preview')}</Button>
          <span className="soft small">{t('editor.preview.hint')}</span>
        </div>
        {preview.error && <ProblemNote problem={preview.error} />}
        {preview.data && <PreviewShown preview={preview.data} days={days} />}
        {may('propose_rules') && (
          <div className="stack" style={{ gap: 8 }}>
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={2000} value={statement} placeholder={t('editor.statement')} aria-label={t('editor.statement')} onChange={(event) => setStatement(event.target.value)} />
            {propose.error && <ProblemNote problem={propose.error} />}
            <div className="row wrap">
              <Button
                type="primary"
                disabled={draft === text || !preview.data}
                loading={propose.isPending}
                onClick={() => propose.mutate({ family, name, text: draft, ...(statement.trim() ? { statement: statement.trim() } : {}) }, { onSuccess: () => { void message.success(t('editor.proposed')); onClose(); } })}
              >
                {t('editor.propose')}
              </Button>
              <span className="soft small">{t(preview.data ? 'editor.propose.hint' : 'editor.propose.first')}</span>
            </div>
          </div>
        )}
      </div>
    </section>
  );
}
