import { useEffect, useState } from 'react';

const sampleMs = 5_000;
const samplesMax = 13;

/** How many times as fast as the clock the market's time runs, over the last minute; undefined until that can be told. */
export function useSpeed(at: string | undefined, nowMs: number, behind: boolean): number | undefined {
  const [samples, setSamples] = useState<{ at: number; now: number }[]>([]);
  useEffect(() => {
    // Facts of before come faster than the market lives.
    if (at === undefined || behind) return;
    setSamples((before) => {
      const last = before.at(-1);
      return last && nowMs - last.now < sampleMs ? before : [...before, { at: Date.parse(at), now: nowMs }].slice(-samplesMax);
    });
  }, [at, nowMs, behind]);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.now - first.now < 2 * sampleMs) return undefined;
  return Math.round((last.at - first.at) / (last.now - first.now));
}
