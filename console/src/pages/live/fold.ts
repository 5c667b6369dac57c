/** What the page knows of a market: its facts, folded in their order. Pure: time and answers are arguments. */
import type { RecordedFact } from '../../api/answers';
import { type Course, counted } from './course';
import { type Shows, heard } from './shows';

/** Facts before the head with which the page begins. */
export const backlog = 1_500;
/** Facts a question asks for. */
export const pageSize = 500;
/** Facts in memory. */
export const rowsMax = 3_000;
/** Further behind the head than this, the page goes on nearer to it. */
export const behindMax = 2_500;

export interface Live {
  /** Facts up to this one were read or skipped. */
  cursor: number;
  /** Oldest first. */
  rows: readonly RecordedFact[];
  /** Read since the page was opened. */
  read: number;
  /** Skipped since the page was opened. */
  skipped: number;
  /** Somebody sent a fact; what Laotie itself records, such as its rules, makes no market yet. */
  sent: boolean;
  /** The market's clock: the latest time of a fact. */
  at?: string;
  /** When the last fact was recorded. */
  seen?: string;
  /** From when on every fact was read, by the server's clock. */
  since?: number;
  course: Course;
  shows: Shows;
}

/** Before anything was read of a market with so many facts. */
export function begun(head: number): Live {
  return { cursor: Math.max(0, head - backlog), rows: [], sent: head > backlog, read: 0, skipped: 0, since: head <= backlog ? 0 : undefined, course: new Map(), shows: new Map() };
}

/** With some more facts, in order. Such as were read before change nothing. */
export function fold(live: Live, answered: readonly RecordedFact[]): Live {
  const facts = answered.filter((fact) => fact.seq > live.cursor);
  const last = facts.at(-1);
  if (!last) return live;
  const at = facts.reduce((latest, fact) => (Date.parse(fact.at) > Date.parse(latest) ? fact.at : latest), live.at ?? last.at);
  return {
    ...live,
    cursor: last.seq,
    rows: [...live.rows, ...facts].slice(-rowsMax),
    sent: live.sent || facts.some((fact) => fact.source !== 'laotie'),
    read: live.read + facts.length,
    at,
    seen: last.seen,
    since: live.since ?? Date.parse(facts[0]?.seen ?? last.seen) + 1_000,
    course: counted(live.course, facts),
    shows: heard(live.shows, facts),
  };
}

/** Nearer to the head where the page is far behind; what lies between is not read, and counted. */
export function caughtUp(live: Live, head: number): Live {
  if (head - live.cursor <= behindMax) return live;
  const cursor = head - backlog;
  return { ...live, cursor, skipped: live.skipped + cursor - live.cursor, since: undefined, course: new Map() };
}
