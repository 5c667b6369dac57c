/** Calendar days as `YYYY-MM-DD`; periods run from a day to the day after their last. */

export interface Period {
  from: string;
  to: string;
}

export type Grain = 'day' | 'week' | 'month' | 'quarter' | 'year';

const dayMs = 86_400_000;

function number(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / dayMs;
}

function text(days: number): string {
  return new Date(days * dayMs).toISOString().slice(0, 10);
}

/** The calendar day of an instant in a time zone. */
export function dayOf(instant: string, zone = 'UTC'): string {
  return new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(new Date(instant));
}

export function addDays(day: string, days: number): string {
  return text(number(day) + days);
}

export function daysIn(period: Period): number {
  return number(period.to) - number(period.from);
}

/** The same day a year before; 29 February becomes 28. */
export function yearBefore(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const before = `${String(Number(year) - 1).padStart(4, '0')}-${month}-${date}`;
  return text(number(before)) === before ? before : `${before.slice(0, 8)}28`;
}

export type Comparison = 'previous' | 'year';

/** The period to compare with, if all of it lies in the data. */
export function earlier(period: Period, how: Comparison, dataFrom: string): Period | undefined {
  const before = how === 'year'
    ? { from: yearBefore(period.from), to: yearBefore(period.to) }
    : { from: addDays(period.from, -daysIn(period)), to: period.from };
  return before.from >= dataFrom ? before : undefined;
}

/** A grain that shows a period in some 10 to 70 points. */
export function fittingGrain(period: Period): Grain {
  const days = daysIn(period);
  if (days <= 70) return 'day';
  if (days <= 420) return 'week';
  return days <= 2_000 ? 'month' : 'quarter';
}

/** The first day of what a grain's label names: `2011-03`, `2011-Q2`, `2011` or a day. */
export function startOf(label: string): string {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(label);
  if (quarter) return `${quarter[1]}-${String((Number(quarter[2]) - 1) * 3 + 1).padStart(2, '0')}-01`;
  return `${label}-01-01`.slice(0, Math.max(10, label.length));
}

/** Every label between the first and last, so that a quiet week is a zero and not a gap. */
export function labelsBetween(first: string, last: string, grain: Grain): string[] {
  const labels = [first];
  let label = first;
  while (label < last && labels.length < 5_000) {
    label = next(label, grain);
    labels.push(label);
  }
  return labels;
}

function next(label: string, grain: Grain): string {
  if (grain === 'day') return addDays(label, 1);
  if (grain === 'week') return addDays(label, 7);
  if (grain === 'year') return String(Number(label) + 1);
  if (grain === 'quarter') {
    const [year = '', quarter = ''] = label.split('-Q');
    return quarter === '4' ? `${Number(year) + 1}-Q1` : `${year}-Q${Number(quarter) + 1}`;
  }
  const [year = '', month = ''] = label.split('-');
  return month === '12' ? `${Number(year) + 1}-01` : `${year}-${String(Number(month) + 1).padStart(2, '0')}`;
}
