import { App, Button, Segmented, Upload } from 'antd';
import { useState } from 'react';

import { type ClaimView, useAct } from '../../api/claims';
import { giveEvidence, keepFile } from '../../api/evidence';
import { useMarket } from '../../app/market';
import { useMay } from '../../app/may';
import { useTexts } from '../../i18n';
import { ProblemNote } from '../../parts/ProblemNote';
import { useFiles } from './useFiles';

/** Puts files before a claim on the reader's own side; staff say for which. */
export function GiveEvidence({ view }: { view: ClaimView }) {
  const { t } = useTexts();
  const { market } = useMarket();
  const { staff } = useMay();
  const { message } = App.useApp();
  const { files, picker, clear } = useFiles();
  const [side, setSide] = useState('merchant');
  const send = useAct(async () => {
    for (const file of files) {
      const kept = await keepFile(market, file);
      await giveEvidence(market, view.claim, kept.hash, staff ? side : undefined);
    }
  });
  const go = () =>
    send.mutate(undefined, {
      onSuccess: () => {
        clear();
        void message.success(t('evidence.given'));
      },
    });
  return (
    <div className="stack" style={{ gap: 10 }} data-testid="give-evidence">
      <h2>{t('evidence.add')}</h2>
      <div className="row wrap">
        {staff && <Segmented size="small" aria-label={t('evidence.side')} value={side} options={(['buyer', 'merchant'] as const).map((value) => ({ value, label: t(`evidence.side.${value}`) }))} onChange={setSide} />}
        <Upload {...picker}>
          <Button>{t('evidence.choose')}</Button>
        </Upload>
      </div>
      {send.error && <ProblemNote problem={send.error} />}
      <div><Button type="primary" disabled={files.length === 0} loading={send.isPending} onClick={go}>{t('evidence.send')}</Button></div>
    </div>
  );
}
