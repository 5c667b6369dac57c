import { expect, it } from 'vitest';

import { nextDraft } from './draft';

it('a draft has a version of today, holds in a month, and is otherwise the text in force', () => {
  const text = '# Fees.\nid = "platform"\nversion = "2024-05-23.1"\neffective_from = "1970-01-01T00:00:00Z"\ntechnical_fee_bps = 300\n';
  expect(nextDraft(text, new Date('2026-11-25T10:00:00Z'))).toBe(
    '# Fees.\nid = "platform"\nversion = "2026-11-25.1"\neffective_from = "2026-12-25T00:00:00+08:00"\ntechnical_fee_bps = 300\n',
  );
});
