/** The period that the overview is about; it lives in the address, so that a view can be sent to others. */
import { useMemo } from 'react';

import { setQuery, usePlace } from '../../app/router';
import { type Comparison, type Grain, type Period, addDays, earlier, fittingGrain } from '../../format/days';

export const presets = ['all', '7', '30', '90', '365'] as const;
export type Preset = (typeof presets)[number];

export interface Choice {
  /** All of the data. */
  data: Period;
  period: Period;
  preset: Preset | 'custom';
  grain: Grain;
  versus: Comparison;
  /** What the period is compared with, when there is data for all of it. */
  before: Period | undefined;
}

const day = /^\d{4}-\d{2}-\d{2}$/;

export function choose(query: URLSearchParams, data: Period): Choice {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const asked = query.get('period');
  let preset: Choice['preset'] = presets.find((p) => p === asked) ?? 'all';
  let period = data;
  if (day.test(from) && day.test(to) && from < to) {
    [preset, period] = ['custom', { from, to }];
  } else if (preset !== 'all') {
    const start = addDays(data.to, -Number(preset));
    period = { from: start > data.from ? start : data.from, to: data.to };
  }
  const grain = (['day', 'week', 'month', 'quarter'] as const).find((g) => g === query.get('grain')) ?? fittingGrain(period);
  const versus = query.get('vs') === 'year' ? 'year' : 'previous';
  return { data, period, preset, grain, versus, before: earlier(period, versus, data.from) };
}

export function useChoice(data: Period): Choice {
  const { query } = usePlace();
  return useMemo(() => choose(query, data), [query, data.from, data.to]);
}

export function choosePreset(preset: Preset): void {
  setQuery({ period: preset === 'all' ? undefined : preset, from: undefined, to: undefined, grain: undefined });
}

export function chooseRange(from: string, lastDay: string): void {
  setQuery({ period: undefined, from, to: addDays(lastDay, 1), grain: undefined });
}
