import { describe, expect, it } from 'vitest';

import type { CardLine, OrderCard } from '../../api/claims';
import { awardOf, rightsFor } from './rights';

const words = { zh: '某', en: 'some' };
const line = (guarantee: string, level: string): CardLine => ({
  clause: words, discretionary: false, given: true, guarantee, level, name: words, payers: ['shop'], promise: words,
  until: { from: 'signed', length: 7, unit: 'natural_day' }, version: `guarantees/${guarantee}@1`,
});
const tenfold = `
needs_return = false
[trigger]
reasons = ["counterfeit"]
wishes = ["refund", "compensation"]
[answer]
length = 7
unit = "natural_day"
[evidence]
kinds = ["lab_report"]
[[evidence.attesters]]
kind = "lab"
[[award]]
award = "refund"
base = "line_paid"
multiple = 1
[[award]]
award = "compensation"
base = "line_paid"
multiple = 10
`;
const fraud = '[trigger]\nreasons = ["counterfeit", "false_claim"]\n[[award]]\nbase = "order_paid"\nmultiple = 3\nminimum_minor = 50000 # 消法\n';
const card: OrderCard = {
  order: 'o-1',
  card: { lines: [line('fraud_multiple', 'base'), line('counterfeit_multiple', 'upgraded'), line('spoil_refund', 'upgraded')], standing: 'good' },
  state: { currency: 'CNY', paid_minor: 13_900, freight_minor: 1_000, shop: 's-1', paid: [1, '2026-06-10T00:00:00Z'], signed: [3, '2026-06-15T02:00:00Z'], utc_offset_minutes: 480 },
};
const texts = {
  'guarantees/counterfeit_multiple@1': tenfold,
  'guarantees/fraud_multiple@1': fraud,
  'guarantees/spoil_refund@1': '[trigger]\nreasons = ["spoiled"]\n[[award]]\nbase = "line_paid"\n',
};
const now = Date.parse('2026-06-16T00:00:00Z');

describe('the money of a right', () => {
  it('is the price and ten times the price, without freight', () => {
    expect(awardOf(tenfold, card.state)).toBe(12_900 * 11);
  });

  it('keeps to the least and the most that the rule sets', () => {
    expect(awardOf(fraud, card.state)).toBe(50_000);
    expect(awardOf('[[award]]\nbase = "line_paid"\nrate_bps = 3000\nminimum_minor = 500\nmaximum_minor = 20_000\n', { paid_minor: 100_000 })).toBe(20_000);
  });

  it('is unknown where it rests on what the order does not say', () => {
    expect(awardOf('[[award]]\nbase = "claimed"\n', card.state)).toBeUndefined();
  });
});

describe('the best right', () => {
  it('is the one that covers the reason and pays most, with its deadline and proof', () => {
    const rights = rightsFor('counterfeit', card, texts, now);
    expect(rights.map((r) => r.line.guarantee)).toEqual(['counterfeit_multiple', 'fraud_multiple']);
    expect(rights[0]).toMatchObject({ money: 141_900, proof: ['lab_report'], until: '2026-06-22T16:00:00.000Z', over: false, answer: { length: 7, unit: 'natural_day' } });
  });

  it('is none when its window has passed and another is still open', () => {
    const late = { ...card, card: { ...card.card, lines: card.card.lines.map((l) => (l.guarantee === 'fraud_multiple' ? { ...l, until: undefined } : l)) } };
    const rights = rightsFor('counterfeit', late, texts, Date.parse('2026-07-16T00:00:00Z'));
    expect(rights.map((r) => [r.line.guarantee, r.over])).toEqual([['fraud_multiple', false], ['counterfeit_multiple', true]]);
  });

  it('leaves in what cannot be looked into', () => {
    expect(rightsFor('counterfeit', card, {}, now)).toHaveLength(3);
  });
});
