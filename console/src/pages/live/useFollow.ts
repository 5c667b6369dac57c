import { useEffect, useRef, useState } from 'react';

import { readFacts, readHead } from '../../api/queries';
import { type Live, begun, caughtUp, fold, pageSize } from './fold';

/** How long the page waits until it asks again. */
const pauseMs = 1_000;
const afterProblemMs = 3_000;

/** Full pages in a row, after which the page asks how far the head is. */
const pagesInARow = 3;

export interface Following {
  live?: Live;
  /** More facts wait than one answer holds. */
  behind: boolean;
  /** The server's clock less this browser's. */
  skewMs: number;
  /** Moves on with every answer, so that what shows time is drawn again. */
  nowMs: number;
  problem?: Error;
}

/** Resolves after a while, and not while nobody looks at the page. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    const timer = window.setTimeout(onward, ms);
    function onward() {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', onward);
      signal.removeEventListener('abort', onward);
      window.clearTimeout(timer);
      resume();
    }
    document.addEventListener('visibilitychange', onward);
    signal.addEventListener('abort', onward);
  });
}

/** Reads the market's facts as they come, for as long as the page is looked at. */
export function useFollow(market: string): Following {
  const [state, setState] = useState<Following>({ behind: false, skewMs: 0, nowMs: Date.now() });
  const live = useRef<Live | undefined>(undefined);

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let full = 0;

    /** One question; whether more is there at once. */
    const step = async (): Promise<boolean> => {
      if (!live.current || full >= pagesInARow) {
        const head = await readHead(market, signal);
        live.current = live.current ? caughtUp(live.current, head) : begun(head);
        full = 0;
      }
      const { page, clockMs } = await readFacts(market, live.current.cursor, pageSize, signal);
      const more = page.next !== null;
      full = more ? full + 1 : 0;
      live.current = fold(live.current, page.items);
      const nowMs = Date.now();
      setState({ live: live.current, behind: more, skewMs: clockMs === undefined ? 0 : clockMs - nowMs, nowMs });
      return more;
    };

    const run = async () => {
      while (!signal.aborted) {
        try {
          if (!(await step())) await pause(pauseMs, signal);
        } catch (error) {
          if (signal.aborted) return;
          setState((before) => ({ ...before, nowMs: Date.now(), problem: error as Error }));
          await pause(afterProblemMs, signal);
        }
      }
    };
    void run();
    return () => stop.abort();
  }, [market]);

  return state;
}
