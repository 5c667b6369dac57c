/** Numbers, money and times as people of a language write them. */
import type { Unit } from '../api/answers';
import type { Lang } from '../i18n';
import { minorDigits } from './currency';
import { type Grain, startOf } from './days';

export interface Formats {
  money(minor: number, currency: string): string;
  /** Short from 100,000 on, for cards: 万 and 亿 in Chinese, K and M in English. */
  shortMoney(minor: number, currency: string): string;
  /** Always short. */
  axisMoney(minor: number, currency: string): string;
  count(value: number): string;
  shortCount(value: number): string;
  share(value: number, digits?: number): string;
  change(value: number): string;
  /** A value of a metric, in full. */
  value(value: number, unit: Unit, currency: string): string;
  shortValue(value: number, unit: Unit, currency: string): string;
  /** A calendar day, `YYYY-MM-DD`, which has no time zone. */
  day(day: string): string;
  /** A label of a grain (`2011-03`, `2011-Q2`, a week's first day), short as on an axis. */
  label(label: string, grain: Grain): string;
  /** The day of an instant, on the market's clock. */
  date(instant: string): string;
  /** An instant, on the market's clock. */
  time(instant: string): string;
  /** The time of day of an instant, on the market's clock. */
  clock(instant: string): string;
  /** The same without seconds. */
  shortClock(instant: string): string;
  zone: string | undefined;
}

const cache = new Map<string, Formats>();

export function formatsOf(lang: Lang, zone?: string): Formats {
  const key = `${lang} ${zone ?? ''}`;
  const known = cache.get(key);
  if (known) return known;
  const made = lang === 'zh' ? make('zh-CN', 'zh-CN', zone) : make('en', 'en-GB', zone);
  cache.set(key, made);
  return made;
}

/** Below this, a short number is the number itself. */
const shortFrom = 100_000;

function make(locale: string, dates: string, zone: string | undefined): Formats {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const plain = number({ maximumFractionDigits: 0 });
  const compact = number({ notation: 'compact', maximumSignificantDigits: 4 });
  const shares = new Map<number, Intl.NumberFormat>();
  const currencies = new Map<string, { full: Intl.NumberFormat; short: Intl.NumberFormat; unit: number }>();

  const currencyOf = (currency: string) => {
    let found = currencies.get(currency);
    if (!found) {
      const places = minorDigits(currency);
      const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
      found = {
        full: number({ ...style, minimumFractionDigits: places, maximumFractionDigits: places }),
        short: number({ ...style, notation: 'compact', maximumSignificantDigits: 4 }),
        unit: 10 ** places,
      };
      currencies.set(currency, found);
    }
    return found;
  };

  const shareOf = (digits: number) => {
    let found = shares.get(digits);
    if (!found) {
      found = number({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
      shares.set(digits, found);
    }
    return found;
  };

  const changes = number({ style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeZone: 'UTC' });
  const zoned = new Intl.DateTimeFormat(dates, { dateStyle: 'medium', timeZone: zone });
  const shortDays = new Intl.DateTimeFormat(dates, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(dates, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  const times = new Intl.DateTimeFormat(dates, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: zone,
  });
  const clocks = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone });
  const shortClocks = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });

  const formats: Formats = {
    zone,
    money: (minor, currency) => currencyOf(currency).full.format(minor / currencyOf(currency).unit),
    shortMoney: (minor, currency) => {
      const { full, short, unit } = currencyOf(currency);
      return (Math.abs(minor / unit) < shortFrom ? full : short).format(minor / unit);
    },
    axisMoney: (minor, currency) => currencyOf(currency).short.format(minor / currencyOf(currency).unit),
    count: (value) => plain.format(value),
    shortCount: (value) => (Math.abs(value) < shortFrom ? plain : compact).format(value),
    share: (value, digits = 1) => shareOf(digits).format(value),
    change: (value) => changes.format(value),
    value: (value, unit, currency) => {
      if (unit === 'ratio') return formats.share(value, 2);
      return unit === 'count' ? formats.count(value) : formats.money(Math.round(value), currency);
    },
    shortValue: (value, unit, currency) => {
      if (unit === 'ratio') return formats.share(value, 2);
      return unit === 'count' ? formats.shortCount(value) : formats.shortMoney(Math.round(value), currency);
    },
    day: (day) => days.format(new Date(`${day}T00:00:00Z`)),
    label: (label, grain) => {
      if (grain === 'year' || grain === 'quarter') return label;
      return (grain === 'month' ? months : shortDays).format(new Date(`${startOf(label)}T00:00:00Z`));
    },
    date: (instant) => zoned.format(new Date(instant)),
    time: (instant) => times.format(new Date(instant)),
    shortClock: (instant) => shortClocks.format(new Date(instant)),
    clock: (instant) => clocks.format(new Date(instant)),
  };
  return formats;
}
