/** How fast facts come: counts by second in which they were recorded and by group. */
import type { RecordedFact } from '../../api/answers';
import { groupOf, groups } from './groups';

/** Second of the server's clock -> facts by group. */
export type Course = ReadonlyMap<number, readonly number[]>;

export const barSeconds = 5;
export const barCount = 60;
const keptSeconds = barSeconds * (barCount + 2);

/** Over how many seconds the pace of the moment is taken. */
const nowSeconds = 10;

export function counted(course: Course, facts: readonly RecordedFact[]): Course {
  const next = new Map(course);
  let newest = 0;
  for (const fact of facts) {
    const second = Math.floor(Date.parse(fact.seen) / 1_000);
    newest = Math.max(newest, second);
    const counts = [...(next.get(second) ?? groups.map(() => 0))];
    const at = groups.indexOf(groupOf(fact.kind));
    counts[at] = (counts[at] ?? 0) + 1;
    next.set(second, counts);
  }
  for (const second of next.keys()) if (second < newest - keptSeconds) next.delete(second);
  return next;
}

/** Facts a second over the last ten seconds. */
export function paceOf(course: Course, nowMs: number): number {
  const now = Math.floor(nowMs / 1_000);
  let count = 0;
  for (const [second, counts] of course) if (second > now - nowSeconds) count += counts.reduce((a, b) => a + b, 0);
  return count / nowSeconds;
}

export interface Bars {
  /** Facts a second: one row a group, one number a bar, oldest first. */
  rows: number[][];
  /** Bars, from the oldest on, of which not all facts were read. */
  unread: number;
  /** Where the axis ends. */
  top: number;
  /** The tallest bar, where it does not fit: many facts came at once. */
  cut?: number;
}

/** A round number not below the value. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= value) ?? 10) * unit;
}

/** The bars up to now. Facts that come by the thousand at once would flatten all others: their bar is cut, and says so. */
export function barsOf(course: Course, nowMs: number, readSinceMs: number): Bars {
  const last = Math.floor(nowMs / 1_000 / barSeconds);
  const first = last - barCount + 1;
  const rows = groups.map(() => new Array<number>(barCount).fill(0));
  for (const [second, counts] of course) {
    const bar = Math.floor(second / barSeconds) - first;
    if (bar < 0 || bar >= barCount) continue;
    counts.forEach((count, group) => {
      const row = rows[group];
      if (row) row[bar] = (row[bar] ?? 0) + count / barSeconds;
    });
  }
  const totals = Array.from({ length: barCount }, (_, bar) => rows.reduce((sum, row) => sum + (row[bar] ?? 0), 0));
  const busy = totals.filter((total) => total > 0).sort((a, b) => a - b);
  const tallest = busy.at(-1) ?? 0;
  const usual = busy[Math.floor((busy.length - 1) * 0.75)] ?? 0;
  const cut = busy.length >= 4 && tallest > usual * 6;
  const unread = Math.max(0, Math.min(barCount, Math.ceil(readSinceMs / 1_000 / barSeconds) - first));
  return { rows, unread, top: roundUp(cut ? usual * 2 : tallest), ...(cut ? { cut: tallest } : {}) };
}
