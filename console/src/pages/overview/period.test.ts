import { expect, it, vi } from 'vitest';

// The address is all that the period needs of the browser.
vi.mock('../../app/router', () => ({ setQuery: () => undefined, usePlace: () => ({ path: '', query: new URLSearchParams() }) }));

import { choose } from './period';

const data = { from: '2010-12-01', to: '2011-10-01' };
const at = (query: string) => choose(new URLSearchParams(query), data);

it('is all of the data unless something is asked', () => {
  expect(at('')).toMatchObject({ preset: 'all', period: data, grain: 'week', before: undefined });
});

it('counts back from the last day of the data', () => {
  expect(at('period=30')).toMatchObject({ preset: '30', period: { from: '2011-09-01', to: '2011-10-01' }, grain: 'day', before: { from: '2011-08-02', to: '2011-09-01' } });
});

it('never begins before the data', () => {
  expect(at('period=365').period).toEqual(data);
});

it('takes days from the address and leaves nonsense aside', () => {
  expect(at('from=2011-01-01&to=2011-02-01&grain=month')).toMatchObject({ preset: 'custom', period: { from: '2011-01-01', to: '2011-02-01' }, grain: 'month' });
  expect(at('from=2011-02-01&to=2011-01-01').preset).toBe('all');
  expect(at('from=x&to=y&period=nonsense').preset).toBe('all');
});
