import { memo } from 'react';

import type { RecordedFact } from '../../api/answers';
import { useSettings } from '../../app/settings';
import { paletteOf } from '../../app/theme';
import { groupOf, tints } from './groups';
import { Said } from './Said';
import { type Telling, says } from './says';

/** A fact in one sentence; opens to all of it. */
export const FeedLine = memo(function FeedLine({ fact, telling, onOpen }: { fact: RecordedFact; telling: Telling; onOpen(fact: RecordedFact): void }) {
  const { dark } = useSettings();
  return (
    <button type="button" className="feed-line" data-testid="feed-line" data-seq={fact.seq} onClick={() => onOpen(fact)}>
      <time dateTime={fact.at}>{telling.formats.clock(fact.at)}</time>
      <i className="dot" style={{ background: paletteOf(dark).series[tints[groupOf(fact.kind)]] }} aria-hidden />
      <span className="feed-said"><Said saying={says(fact, telling)} /></span>
    </button>
  );
});
