/** What differs between two texts, line by line: the longest common subsequence stays. */

export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  // common[i][j]: lines that a from i on and b from j on have in common, at most.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      lines.push({ kind: 'same', text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'gone', text: old });
      i += 1;
    } else {
      lines.push({ kind: 'new', text: now ?? '' });
      j += 1;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** A piece of a diff: changed lines with some unchanged around them, and how many unchanged ones were left out before. */
export interface Hunk {
  skipped: number;
  lines: DiffLine[];
}

export function hunks(lines: DiffLine[], around = 3): Hunk[] {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some((line) => line.kind !== 'same'));
  const found: Hunk[] = [];
  let skipped = 0;
  lines.forEach((line, i) => {
    if (!near[i]) {
      skipped += 1;
      return;
    }
    if (i === 0 || !near[i - 1]) found.push({ skipped, lines: [] });
    found.at(-1)?.lines.push(line);
    skipped = 0;
  });
  return found;
}
