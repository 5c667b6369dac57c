import { describe, expect, it } from 'vitest';

import { en } from './en';
import { zh } from './zh';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const han = /[\u3400-\u9fff]/;

describe('texts', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it('have the same places for values in both languages', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect(places(zh[key]), key).toEqual(places(en[key]));
  });

  it('are in English without a Chinese character', () => {
    for (const [key, text] of Object.entries(en)) expect(han.test(text), key).toBe(false);
  });

  it('are in Chinese without an English sentence', () => {
    for (const [key, text] of Object.entries(zh)) expect(/[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}/.test(text), key).toBe(false);
  });

  it('are never empty', () => {
    for (const texts of [en, zh]) for (const [key, text] of Object.entries(texts)) expect(text.trim(), key).not.toBe('');
  });
});
