import { describe, expect, it } from 'vitest';

import { leftUntil, windowEnd } from './countdown';

const now = Date.parse('2026-06-15T00:00:00Z');

describe('time left', () => {
  it('is told in days and hours, then hours and minutes, then minutes', () => {
    expect(leftUntil('2026-06-17T05:30:00Z', now)).toEqual({ late: false, unit: 'days', large: 2, small: 5, tone: 'plain' });
    expect(leftUntil('2026-06-15T05:30:00Z', now)).toEqual({ late: false, unit: 'hours', large: 5, small: 30, tone: 'open' });
    expect(leftUntil('2026-06-15T00:07:59Z', now)).toEqual({ late: false, unit: 'minutes', large: 7, small: 0, tone: 'open' });
  });

  it('is late once the clock has run out, and says by how much', () => {
    expect(leftUntil('2026-06-13T23:00:00Z', now)).toEqual({ late: true, unit: 'days', large: 1, small: 1, tone: 'bad' });
    expect(leftUntil('2026-06-15T00:00:00Z', now)?.late).toBe(false);
  });

  it('is nothing without a clock', () => {
    expect(leftUntil(undefined, now)).toBeUndefined();
    expect(leftUntil('soon', now)).toBeUndefined();
  });
});

describe('the end of a window', () => {
  it('counts hours exactly', () => {
    expect(windowEnd('2026-06-15T02:00:00Z', 24, 'hour', 480)).toBe('2026-06-16T02:00:00.000Z');
  });

  it('lets natural days end at midnight of the market, whatever hour they began', () => {
    // Signed at 10:00 on the 15th in China: seven days end with the 22nd there.
    expect(windowEnd('2026-06-15T02:00:00Z', 7, 'natural_day', 480)).toBe('2026-06-22T16:00:00.000Z');
    // One minute past midnight there is still the 14th in Greenwich.
    expect(windowEnd('2026-06-14T16:01:00Z', 7, 'natural_day', 480)).toBe('2026-06-22T16:00:00.000Z');
  });

  it('leaves working days to the server and knows none before it begins', () => {
    expect(windowEnd('2026-06-15T02:00:00Z', 3, 'working_day', 480)).toBeUndefined();
    expect(windowEnd(undefined, 7, 'natural_day', 480)).toBeUndefined();
  });
});
