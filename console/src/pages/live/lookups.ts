/** What the page asks the lake for, since a page that was just opened has not seen it. */
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';

import { askSql } from '../../api/queries';
import { addDays } from '../../format/days';
import type { ShowOnFile } from './onair';

export const everyMs = 5_000;
/** For what hardly changes, such as the day before: facts can come late. */
export const seldomMs = 15_000;

/** Shows that opened longer ago are not looked for. */
const hoursBack = 24;
const showsMax = 24;

const optional = (cell: unknown) => (typeof cell === 'string' ? cell : undefined);

/** The market's hour; questions name it and not the second, so that their answers stay. */
function hourOf(at: string, back: number): string {
  return new Date(Math.floor(Date.parse(at) / 3_600_000 - back) * 3_600_000).toISOString();
}

/** Open shows with their orders and visits since they opened. */
export function useShowsOnFile(market: string, at: string | undefined): ShowOnFile[] {
  const from = at && hourOf(at, hoursBack);
  const query = `
    with live as (select "show", streamer, title, at from show_opened where at >= timestamp '${from}' and "show" not in (select "show" from show_closed) order by at desc limit ${showsMax}),
    paid as (select "show", count(*) as orders, sum(paid_minor) as gmv from order_paid where "show" in (select "show" from live) group by 1),
    came as (select "show", count(*) as visits from show_entered where "show" in (select "show" from live) group by 1)
    select live."show", streamer, title, at, orders, gmv, visits from live left join paid on paid."show" = live."show" left join came on came."show" = live."show"`;
  const { data } = useQuery({
    queryKey: ['live-shows', market, from],
    queryFn: ({ signal }) => askSql(market, query, showsMax, signal),
    enabled: from !== undefined,
    refetchInterval: everyMs,
    placeholderData: (before) => before,
    select: ({ rows }) => rows.map(([show, streamer, title, openedAt, orders, gmv, visits]) => ({
      show: String(show), streamer: optional(streamer), title: optional(title), openedAt: String(openedAt),
      orders: Number(orders ?? 0), gmvMinor: Number(gmv ?? 0), visits: Number(visits ?? 0),
    })),
  });
  return data ?? none;
}

const none: ShowOnFile[] = [];

export interface Day {
  refunds: number;
  refundedMinor: number;
  claims: number;
}

/** Refunds and claims of a calendar day, asked again and again. */
export function useDay(market: string, day: string, zone: string | undefined, againMs: number): Day | undefined {
  const start = (of: string) => dayjs.tz(of, zone ?? 'UTC').toISOString();
  const within = `at >= timestamp '${start(day)}' and at < timestamp '${start(addDays(day, 1))}'`;
  const query = `
    select 'refunds', count(*), sum(amount_minor) from refund_paid where ${within}
    union all select 'claims', count(*), 0 from claim_opened where ${within}`;
  const { data } = useQuery({
    queryKey: ['live-day', market, day],
    queryFn: ({ signal }) => askSql(market, query, 2, signal),
    refetchInterval: againMs,
    placeholderData: (before) => before,
    select: ({ rows }) => {
      const row = (name: string) => rows.find(([first]) => first === name) ?? [];
      return { refunds: Number(row('refunds')[1] ?? 0), refundedMinor: Number(row('refunds')[2] ?? 0), claims: Number(row('claims')[1] ?? 0) };
    },
  });
  return data;
}
