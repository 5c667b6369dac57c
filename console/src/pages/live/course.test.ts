import { describe, expect, it } from 'vitest';

import type { RecordedFact } from '../../api/answers';
import { barCount, barSeconds, barsOf, counted, paceOf } from './course';
import { groupOf, groups } from './groups';

const start = Date.UTC(2026, 0, 19, 12);
const seen = (second: number, kind = 'like.given') => ({ kind, seen: new Date(start + second * 1_000).toISOString() }) as RecordedFact;
const times = (count: number, make: (i: number) => RecordedFact) => Array.from({ length: count }, (_, i) => make(i));

describe('the pace', () => {
  it('is that of the last ten seconds', () => {
    const course = counted(new Map(), [...times(40, () => seen(0)), ...times(25, (i) => seen(91 + (i % 9)))]);
    expect(paceOf(course, start + 100_500)).toBe(2.5);
    expect(paceOf(course, start + 300_000)).toBe(0);
  });

  it('forgets what is older than the chart', () => {
    const course = counted(counted(new Map(), [seen(0)]), [seen(2 * barSeconds * barCount)]);
    expect(course.size).toBe(1);
  });
});

describe('the bars', () => {
  it('add up by group, the newest last', () => {
    const course = counted(new Map(), [seen(100, 'order.paid'), seen(101, 'order.paid'), seen(101), seen(94, 'claim.opened')]);
    const { rows, cut } = barsOf(course, start + 101_000, 0);
    const last = (name: (typeof groups)[number]) => rows[groups.indexOf(name)]?.slice(-2);
    expect(last('orders')).toEqual([0, 2 / barSeconds]);
    expect(last('engagement')).toEqual([0, 1 / barSeconds]);
    expect(rows[groups.indexOf('after_sale')]?.at(-3)).toBe(1 / barSeconds);
    expect(cut).toBeUndefined();
  });

  it('are cut where thousands come at once, and say so', () => {
    const steady = Array.from({ length: 100 }, (_, i) => seen(100 + i));
    const { top, cut } = barsOf(counted(new Map(), [...times(1_500, () => seen(90)), ...steady]), start + 200_000, 0);
    expect(cut).toBe(1_500 / barSeconds);
    expect(top).toBeLessThanOrEqual(5);
  });

  it('know what was not read', () => {
    const now = start + 600_000;
    expect(barsOf(new Map(), now, 0).unread).toBe(0);
    expect(barsOf(new Map(), now, now - 30_000).unread).toBe(barCount - 7);
    expect(barsOf(new Map(), now, now).unread).toBe(barCount - 1);
  });
});

describe('groups', () => {
  it('tell what happens in a show from what viewers do in it', () => {
    expect(['show.opened', 'utterance.heard', 'show.entered', 'comment.posted', 'order.frozen', 'refund.paid', 'price.set', 'never.heard'].map(groupOf)).toEqual([
      'shows', 'shows', 'engagement', 'engagement', 'orders', 'after_sale', 'others', 'others',
    ]);
  });
});
