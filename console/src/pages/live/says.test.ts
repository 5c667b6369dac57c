import { describe, expect, it } from 'vitest';

import type { RecordedFact } from '../../api/answers';
import { formatsOf } from '../../format/formats';
import type { Lang, TextKey } from '../../i18n';
import { en } from '../../i18n/en';
import { zh } from '../../i18n/zh';
import { type Telling, says, toldKinds } from './says';

const texts: Record<Lang, Record<TextKey, string>> = { zh, en };
const filled = (text: string, values: Record<string, string | number> = {}) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));

const telling = (lang: Lang): Telling => ({
  t: (key, values) => filled(texts[lang][key], values),
  word: (group, name) => texts[lang][`${group}.${name}` as TextKey],
  formats: formatsOf(lang, 'Asia/Shanghai'),
  nameOf: (id) => (id === 'i-1' ? '童装外套' : id),
});

const sentence = (lang: Lang, kind: string, body: Record<string, unknown>) => {
  const { key, values } = says({ kind, body, key: 'k-1' } as RecordedFact, telling(lang));
  return filled(texts[lang][key], values);
};

describe('a sentence', () => {
  const paid = { buyer: 'b-1', currency: 'CNY', paid_minor: 21_080, lines: [{ item: 'i-1', qty: 2 }] };

  it('tells an order in both languages, with names and money', () => {
    expect(sentence('zh', 'order.paid', paid)).toBe('b-1 付款 ¥210.80，购买 童装外套 ×2');
    expect(sentence('en', 'order.paid', { ...paid, show: 'w-1', buyer: undefined, lines: [{ item: 'i-2', qty: 1 }, { item: 'i-3', qty: 1 }] })).toBe('Somebody paid ¥210.80 for i-2 and 1 more in show w-1');
  });

  it('names reasons in the reader’s language, or as they stand', () => {
    expect(sentence('zh', 'return.requested', { order: 'o-1', reason: 'not_as_described' })).toBe('订单 o-1 申请退货：与描述不符');
    expect(sentence('en', 'return.requested', { order: 'o-1', reason: 'never_heard' })).toBe('A return was asked for on order o-1: never_heard');
  });

  it('has a text without holes for every kind that it knows, even of an empty body', () => {
    for (const kind of toldKinds) {
      for (const lang of ['zh', 'en'] as const) {
        const { key } = says({ kind, body: {}, key: 'k-1' } as RecordedFact, telling(lang));
        expect(key in en && key !== 'live.says.generic', kind).toBe(true);
        expect(sentence(lang, kind, {}), kind).not.toContain('?');
      }
    }
  });

  it('has values for every variant of a text', () => {
    const full = { show: 'w-1', carrier: 'c', price_minor: 1, currency: 'CNY' };
    for (const kind of ['order.paid', 'order.dispatched', 'item.shown']) expect(sentence('en', kind, full), kind).not.toContain('?');
  });

  it('tells a refund without an order too', () => {
    expect(sentence('en', 'refund.paid', { amount_minor: 750, currency: 'GBP', reason: 'cancelled' })).toBe('£7.50 was refunded: cancelled');
  });

  it('falls back to the kind and what it is about', () => {
    expect(sentence('en', 'spend.charged', { campaign: 'ad-1' })).toBe('spend.charged · ad-1');
    expect(sentence('zh', 'never.heard', {})).toBe('never.heard · k-1');
  });
});
