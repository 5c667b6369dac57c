import { expect, it } from 'vitest';

import { toCsv } from './csv';

it('quotes what would break a row', () => {
  expect(toCsv(['item', 'value'], [['T-LIGHT "HEART", RED', 12], [null, undefined]])).toBe('item,value\r\n"T-LIGHT ""HEART"", RED",12\r\n,\r\n');
});

it('shows formulas as text and leaves numbers as they are', () => {
  expect(toCsv(['name', 'value'], [['=cmd()', -5]])).toBe("name,value\r\n'=cmd(),-5\r\n");
});
