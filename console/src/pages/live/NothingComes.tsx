import { VideoCameraOutlined } from '@ant-design/icons';

import { useMarket } from '../../app/market';
import { useTexts } from '../../i18n';
import { Command } from '../../parts/Command';

function useCommands(): { simulate: string; record: string } {
  const { market } = useMarket();
  return { simulate: 'laotie up --simulate', record: `laotie record${market === 'main' ? '' : ` --market ${market}`} facts.jsonl` };
}

/** A market without facts: what to do about it. */
export function NothingComes() {
  const { t } = useTexts();
  const commands = useCommands();
  return (
    <section className="panel" data-testid="live-empty">
      <div className="empty">
        <VideoCameraOutlined style={{ fontSize: 40, color: 'var(--soft)' }} />
        <h2>{t('live.empty')}</h2>
        <p className="soft">{t('live.empty.way')}</p>
        <p>{t('live.empty.simulate')}</p>
        <Command text={commands.simulate} />
        <p>{t('live.empty.record')}</p>
        <Command text={commands.record} />
      </div>
    </section>
  );
}

/** A market that stands still: the same in a line. */
export function QuietNote() {
  const { t } = useTexts();
  const commands = useCommands();
  return (
    <div className="quiet-note" data-testid="live-quiet">
      <span className="soft">{t('live.quiet')}</span>
      <Command text={commands.record} />
      <Command text={commands.simulate} />
    </div>
  );
}
