import { expect, it } from 'vitest';

import { nextDraft } from './draft';

const text = '# Fees.\nid = "platform"\nversion = "2024-05-23.1"\neffective_from = "1970-01-01T00:00:00Z"\ntechnical_fee_bps = 300\n';
const now = new Date('2026-11-25T10:00:00Z');

it('a draft has a version of today, holds in a month, and is otherwise the text in force', () => {
  expect(nextDraft(text, now, ['2024-05-23.1'])).toBe(
    '# Fees.\nid = "platform"\nversion = "2026-11-25.1"\neffective_from = "2026-12-25T00:00:00+08:00"\ntechnical_fee_bps = 300\n',
  );
});

it('a draft gets the next number where today has versions already', () => {
  expect(nextDraft(text, now, ['2026-11-25.1', '2026-11-25.10', '2026-11-24.50'])).toContain('version = "2026-11-25.11"');
});
