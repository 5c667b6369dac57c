/** What is on air: what was seen on this page, completed by what was looked up. */
import type { Show, Shows } from './shows';

/** A show as the lake has it, from its beginning on. */
export interface ShowOnFile {
  show: string;
  streamer?: string;
  title?: string;
  openedAt: string;
  orders: number;
  gmvMinor: number;
  visits: number;
}

export interface OnAir extends Show {
  /** Orders and visits are those since it opened, not only those seen here. */
  whole: boolean;
}

/** A show without a sign for so long, on the market's clock, is not taken for one on air: its end was lost. */
const silentMs = 2 * 3_600_000;

/** The longest show of which the end is still awaited when nothing was heard of it here. */
const longestMs = 12 * 3_600_000;

/** Both counts are lower bounds (the lake is a moment behind, the page began late), so the larger one holds. */
function completed(seen: Show, file: ShowOnFile): OnAir {
  return {
    ...seen,
    streamer: seen.streamer ?? file.streamer,
    title: seen.title ?? file.title,
    openedAt: seen.openedAt ?? file.openedAt,
    orders: Math.max(seen.orders, file.orders),
    gmvMinor: Math.max(seen.gmvMinor, file.gmvMinor),
    visits: Math.max(seen.visits, file.visits),
    whole: true,
  };
}

/** Open shows, the longest on air first, so that cards keep their places. */
export function onAir(shows: Shows, files: readonly ShowOnFile[], clock: string | undefined): OnAir[] {
  if (clock === undefined) return [];
  const now = Date.parse(clock);
  const byId = new Map(files.map((file) => [file.show, file]));
  const seen = [...shows.values()]
    .filter((show) => !show.closed && now - Date.parse(show.lastAt) <= silentMs)
    .map((show) => {
      const file = byId.get(show.show);
      return file ? completed(show, file) : { ...show, whole: show.openedAt !== undefined };
    });
  const unseen = files
    .filter((file) => !shows.has(file.show) && now - Date.parse(file.openedAt) <= longestMs)
    .map((file): OnAir => ({ ...file, closed: false, lastAt: file.openedAt, whole: true }));
  const begin = (show: OnAir) => Date.parse(show.openedAt ?? show.lastAt);
  // A show known by a passing sign alone may be over: it waits until its opening is known.
  const known = [...seen, ...unseen].filter((show) => show.openedAt !== undefined || show.said !== undefined || show.item !== undefined);
  return known.sort((a, b) => begin(a) - begin(b) || a.show.localeCompare(b.show));
}
