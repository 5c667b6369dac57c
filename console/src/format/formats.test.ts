import { describe, expect, it } from 'vitest';

import { majorText, minorDigits } from './currency';
import { formatsOf } from './formats';

const [zh, en] = [formatsOf('zh', 'Asia/Shanghai'), formatsOf('en', 'Europe/London')];

describe('money', () => {
  it('has as many digits as its currency', () => {
    expect([minorDigits('CNY'), minorDigits('JPY'), minorDigits('KWD')]).toEqual([2, 0, 3]);
    expect(majorText(12345, 'CNY')).toBe('123.45');
    expect(majorText(-5, 'GBP')).toBe('-0.05');
    expect(majorText(12345, 'JPY')).toBe('12345');
    expect(majorText(7, 'KWD')).toBe('0.007');
  });

  it('is written in full with its symbol', () => {
    expect(en.money(735_235_417, 'GBP')).toBe('£7,352,354.17');
    expect(zh.money(735_235_417, 'CNY')).toBe('¥7,352,354.17');
    expect(en.money(1_234, 'JPY')).toBe('¥1,234');
  });

  it('is shortened by 万 and 亿 in Chinese, by K and M in English', () => {
    expect(zh.shortMoney(735_235_417, 'CNY')).toBe('¥735.2万');
    expect(zh.shortMoney(1_186_000_000_000, 'CNY')).toBe('¥118.6亿');
    expect(en.shortMoney(735_235_417, 'GBP')).toBe('£7.352M');
  });

  it('is not shortened where it is short', () => {
    expect(en.shortMoney(49_434, 'GBP')).toBe('£494.34');
    expect(zh.shortCount(14_873)).toBe('14,873');
  });
});

describe('times', () => {
  it('stand on the market\'s clock', () => {
    expect(zh.time('2026-06-10T16:30:00Z')).toContain('11');
    expect(zh.date('2026-06-10T16:30:00Z')).toBe('2026年6月11日');
    expect(en.date('2026-06-10T16:30:00Z')).toBe('10 Jun 2026');
  });

  it('are days without a zone where they are days', () => {
    expect(en.day('2011-09-30')).toBe('30 Sept 2011');
    expect(zh.label('2011-03', 'month')).toBe('2011年3月');
    expect(en.label('2011-Q2', 'quarter')).toBe('2011-Q2');
  });
});

describe('shares', () => {
  it('and changes carry their sign', () => {
    expect(en.share(0.1941, 2)).toBe('19.41%');
    expect(en.change(0.225)).toBe('+22.5%');
    expect(en.change(-0.01)).toBe('-1%');
  });
});
