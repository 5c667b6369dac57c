import { describe, expect, it } from 'vitest';

import { addDays, daysIn, earlier, fittingGrain, labelsBetween, startOf, yearBefore } from './days';

describe('periods', () => {
  it('end with the day before their `to`', () => {
    expect(daysIn({ from: '2011-09-01', to: '2011-10-01' })).toBe(30);
    expect(addDays('2012-02-28', 1)).toBe('2012-02-29');
  });

  it('are compared only with periods that lie in the data', () => {
    const period = { from: '2011-09-01', to: '2011-10-01' };
    expect(earlier(period, 'previous', '2010-12-01')).toEqual({ from: '2011-08-02', to: '2011-09-01' });
    expect(earlier(period, 'previous', '2011-08-03')).toBeUndefined();
    expect(earlier(period, 'year', '2010-12-01')).toBeUndefined();
    expect(earlier(period, 'year', '2010-09-01')).toEqual({ from: '2010-09-01', to: '2010-10-01' });
  });

  it('a year before 29 February is 28 February', () => {
    expect(yearBefore('2012-02-29')).toBe('2011-02-28');
  });

  it('are shown in a grain that fits', () => {
    expect(fittingGrain({ from: '2011-09-01', to: '2011-10-01' })).toBe('day');
    expect(fittingGrain({ from: '2010-12-01', to: '2011-10-01' })).toBe('week');
    expect(fittingGrain({ from: '2008-12-01', to: '2011-10-01' })).toBe('month');
  });
});

describe('labels', () => {
  it('leave no gap', () => {
    expect(labelsBetween('2010-11', '2011-02', 'month')).toEqual(['2010-11', '2010-12', '2011-01', '2011-02']);
    expect(labelsBetween('2010-Q4', '2011-Q2', 'quarter')).toEqual(['2010-Q4', '2011-Q1', '2011-Q2']);
    expect(labelsBetween('2010-12-27', '2011-01-10', 'week')).toEqual(['2010-12-27', '2011-01-03', '2011-01-10']);
  });

  it('have a first day', () => {
    expect(['2011', '2011-Q3', '2011-03', '2011-03-07'].map(startOf)).toEqual(['2011-01-01', '2011-07-01', '2011-03-01', '2011-03-07']);
  });
});
