import type { ReactNode } from 'react';

export type Tone = 'plain' | 'info' | 'good' | 'open' | 'bad';

/** A state, as a small coloured label. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`pill ${tone}`}>{children}</span>;
}
