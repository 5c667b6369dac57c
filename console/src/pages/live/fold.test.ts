import { describe, expect, it } from 'vitest';

import type { RecordedFact } from '../../api/answers';
import { backlog, begun, behindMax, caughtUp, fold, rowsMax } from './fold';
import { onAir } from './onair';

const second = (n: number) => new Date(Date.UTC(2026, 0, 19, 12, 0, n)).toISOString();

function fact(seq: number, kind: string, body: Record<string, unknown> = {}, more: Partial<RecordedFact> = {}): RecordedFact {
  return { seq, seen: second(seq), at: second(seq * 60), source: 'live-rooms', key: `k-${seq}`, kind, because: [], rules: [], body, body_hash: '', hash: '', ...more };
}

const from = (facts: RecordedFact[], head = 0) => fold(begun(head), facts);

describe('where the page reads', () => {
  it('begins a backlog before the head, or at the first fact', () => {
    expect(begun(10_000).cursor).toBe(10_000 - backlog);
    expect(begun(20).cursor).toBe(0);
  });

  it('goes on behind the last fact, and reads none twice', () => {
    const once = from([fact(1, 'order.paid'), fact(2, 'like.given')]);
    const twice = fold(once, [fact(2, 'like.given'), fact(3, 'like.given')]);
    expect([twice.cursor, twice.read, twice.rows.map((row) => row.seq)]).toEqual([3, 3, [1, 2, 3]]);
    expect(fold(twice, [])).toBe(twice);
  });

  it('skips ahead when far behind, and says how much', () => {
    const live = from([fact(1, 'like.given')]);
    expect(caughtUp(live, 1 + behindMax)).toBe(live);
    const ahead = caughtUp(live, 100_000);
    expect([ahead.cursor, ahead.skipped]).toEqual([100_000 - backlog, 100_000 - backlog - 1]);
    const on = fold(ahead, [fact(100_000, 'like.given', {}, { seen: second(9) })]);
    expect(on.since, 'the second that was read in part does not count as read').toBe(Date.parse(second(10)));
  });

  it('keeps no more than some thousand rows', () => {
    const many = Array.from({ length: rowsMax + 5 }, (_, i) => fact(i + 1, 'like.given'));
    const { rows } = from(many);
    expect([rows.length, rows.at(-1)?.seq]).toEqual([rowsMax, rowsMax + 5]);
  });
});

describe('the market’s clock', () => {
  it('is the latest time of a fact and does not go back', () => {
    const live = fold(from([fact(1, 'like.given', {}, { at: second(500) })]), [fact(2, 'like.given', {}, { at: second(3) })]);
    expect(live.at).toBe(second(500));
    expect(live.seen).toBe(second(2));
  });

  it('runs only where somebody sends facts', () => {
    expect(from([fact(1, 'rule.published', {}, { source: 'laotie' })]).sent).toBe(false);
    expect(from([fact(1, 'rule.published', {}, { source: 'laotie' }), fact(2, 'show.opened')]).sent).toBe(true);
    expect(begun(10_000).sent).toBe(true);
  });
});

describe('what is on air', () => {
  const opened = fact(1, 'show.opened', { show: 'w-1', streamer: 't-1', title: 'Tonight' });
  const shown = fact(2, 'item.shown', { show: 'w-1', streamer: 't-1', item: 'i-1', price_minor: 9900, currency: 'CNY' });

  it('tells who shows what for how much, what was said, and what came of it', () => {
    const live = from([
      opened, shown,
      fact(3, 'price.set', { show: 'w-1', item: 'i-1', price_minor: 8900, currency: 'CNY' }),
      fact(4, 'price.set', { show: 'w-1', item: 'i-2', price_minor: 100, currency: 'CNY' }),
      fact(5, 'utterance.heard', { show: 'w-1', text: 'three two one' }),
      fact(6, 'show.entered', { show: 'w-1', viewer: 'b-1' }),
      fact(7, 'order.paid', { show: 'w-1', paid_minor: 8900, currency: 'CNY' }),
      fact(8, 'order.paid', { paid_minor: 100, currency: 'CNY' }),
    ]);
    expect(onAir(live.shows, [], live.at)).toMatchObject([
      { show: 'w-1', streamer: 't-1', title: 'Tonight', openedAt: second(60), item: 'i-1', priceMinor: 8900, said: 'three two one', visits: 1, orders: 1, gmvMinor: 8900, whole: true },
    ]);
  });

  it('ends with the show, whatever comes late', () => {
    const live = from([opened, shown, fact(3, 'show.closed', { show: 'w-1' }), fact(4, 'utterance.heard', { show: 'w-1', text: 'late' }), fact(5, 'show.left', { show: 'w-1' })]);
    expect(onAir(live.shows, [], live.at)).toEqual([]);
  });

  it('ends without a word when nothing is heard of a show for hours', () => {
    const live = from([opened, shown, fact(3, 'order.paid', { paid_minor: 1 }, { at: second(4 * 3_600) })]);
    expect(onAir(live.shows, [], live.at)).toEqual([]);
  });

  it('does not begin with a viewer who leaves or comments', () => {
    const live = from([fact(1, 'show.left', { show: 'w-2' }), fact(2, 'comment.posted', { show: 'w-2', text: 'bye' })]);
    expect(live.shows.size).toBe(0);
  });

  it('is completed by what was looked up, each count by the larger one', () => {
    const live = from([shown, fact(3, 'show.entered', { show: 'w-1' }), fact(4, 'show.entered', { show: 'w-1' })]);
    const file = { show: 'w-1', streamer: 't-1', title: 'Tonight', openedAt: second(0), orders: 4, gmvMinor: 40_000, visits: 1 };
    const silent = { ...file, show: 'w-0', openedAt: second(1) };
    expect(onAir(live.shows, [silent, file], live.at)).toMatchObject([
      { show: 'w-1', title: 'Tonight', item: 'i-1', orders: 4, visits: 2, whole: true },
      { show: 'w-0', visits: 1, whole: true },
    ]);
    expect(onAir(live.shows, [], live.at), 'without that, the card says that it counts what was seen').toMatchObject([{ show: 'w-1', visits: 2, whole: false }]);
  });
});
