import { Fragment } from 'react';

import { texts } from '../../i18n';
import { useSettings } from '../../app/settings';
import type { Saying } from './says';

/** A sentence with its values set off: they are the market's data, and no text of ours. */
export function Said({ saying }: { saying: Saying }) {
  const { lang } = useSettings();
  const parts = texts[lang][saying.key].split(/\{(\w+)\}/);
  return (
    <>
      {parts.map((part, i) => (i % 2 === 0 ? <Fragment key={i}>{part}</Fragment> : <b key={i} data-user-content>{saying.values[part] ?? '—'}</b>))}
    </>
  );
}
