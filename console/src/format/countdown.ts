/** How long until a clock runs out, in the two largest units that say something. */

export interface Left {
  /** Whether the clock has run out. */
  late: boolean;
  unit: 'days' | 'hours' | 'minutes';
  /** Whole units, and how many of the next smaller one (none below minutes). */
  large: number;
  small: number;
  /** How much it presses. */
  tone: 'bad' | 'open' | 'plain';
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Less than a day presses; what ran out is late. Nothing to count down from gives nothing. */
export function leftUntil(due: string | undefined | null, nowMs: number): Left | undefined {
  const at = due ? Date.parse(due) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const ms = Math.abs(at - nowMs);
  const late = at < nowMs;
  const tone = late ? 'bad' : ms < day ? 'open' : 'plain';
  if (ms >= day) return { late, unit: 'days', large: Math.floor(ms / day), small: Math.floor((ms % day) / hour), tone };
  if (ms >= hour) return { late, unit: 'hours', large: Math.floor(ms / hour), small: Math.floor((ms % hour) / minute), tone };
  return { late, unit: 'minutes', large: Math.floor(ms / minute), small: 0, tone };
}

/** When a window closes that counts from an instant: exact hours, or days that end at midnight of the market. */
export function windowEnd(from: string | undefined, length: number, unit: string, offsetMinutes: number): string | undefined {
  const start = from ? Date.parse(from) : Number.NaN;
  if (Number.isNaN(start)) return undefined;
  if (unit === 'hour') return new Date(start + length * hour).toISOString();
  // Working days need the market's calendar, which the server has.
  if (unit !== 'natural_day') return undefined;
  const local = start + offsetMinutes * minute;
  const midnight = (Math.floor(local / day) + length + 1) * day;
  return new Date(midnight - offsetMinutes * minute).toISOString();
}
