import { describe, expect, it } from 'vitest';

import { hunks, lineDiff } from './diff';

const written = (before: string, after: string) => lineDiff(before, after).map((l) => ({ same: ' ', gone: '-', new: '+' })[l.kind] + l.text).join('\n');

describe('the difference of two texts', () => {
  it('shows a changed line as one that went and one that came', () => {
    expect(written('a\nmultiple = 9\nc', 'a\nmultiple = 10\nc')).toBe(' a\n-multiple = 9\n+multiple = 10\n c');
  });

  it('keeps what both have in common, wherever lines come in between', () => {
    expect(written('a\nb\nc\n', 'a\nx\nb\ny\nc\n')).toBe(' a\n+x\n b\n+y\n c');
  });

  it('gives back both texts', () => {
    const [before, after] = ['a\nb\nd\ne', 'b\nc\nd\nf\ne'];
    const lines = lineDiff(before, after);
    expect(lines.filter((l) => l.kind !== 'new').map((l) => l.text).join('\n')).toBe(before);
    expect(lines.filter((l) => l.kind !== 'gone').map((l) => l.text).join('\n')).toBe(after);
  });

  it('of a text with itself or with nothing is plain', () => {
    expect(lineDiff('a\nb', 'a\nb').every((l) => l.kind === 'same')).toBe(true);
    expect(written('', 'a\nb')).toBe('+a\n+b');
  });
});

describe('pieces of a difference', () => {
  it('leave out what is far from any change and say how much', () => {
    const long = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const changed = [...long];
    changed[10] = 'other';
    const [piece, ...more] = hunks(lineDiff(long.join('\n'), changed.join('\n')), 2);
    expect(more).toEqual([]);
    expect(piece?.skipped).toBe(8);
    expect(piece?.lines.map((l) => l.kind)).toEqual(['same', 'same', 'gone', 'new', 'same', 'same']);
  });

  it('are none where nothing changed', () => {
    expect(hunks(lineDiff('a\nb', 'a\nb'))).toEqual([]);
  });
});
