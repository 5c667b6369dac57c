/** Shows, as far as facts that were read tell of them. */
import type { RecordedFact } from '../../api/answers';

export interface Show {
  show: string;
  streamer?: string;
  title?: string;
  openedAt?: string;
  closed: boolean;
  /** Time of the last fact that shows it on air. */
  lastAt: string;
  item?: string;
  priceMinor?: number;
  said?: string;
  /** What was seen of it. */
  orders: number;
  gmvMinor: number;
  visits: number;
}

export type Shows = ReadonlyMap<string, Show>;

/** Closed shows are forgotten past so many. */
const showsMax = 200;

/** Facts that happen only while a show is on air; a viewer's leaving or comment can come behind its end. */
const onAirKinds = new Set(['show.opened', 'item.shown', 'utterance.heard', 'show.entered']);

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const whole = (value: unknown) => (typeof value === 'number' ? value : undefined);

export function heard(shows: Shows, facts: readonly RecordedFact[]): Shows {
  const next = new Map(shows);
  for (const fact of facts) {
    const id = text(fact.body.show);
    if (id === undefined) continue;
    const before = next.get(id);
    if (!before && !onAirKinds.has(fact.kind) && fact.kind !== 'show.closed') continue;
    const known = before ?? { show: id, closed: false, lastAt: fact.at, orders: 0, gmvMinor: 0, visits: 0 };
    const after = told(known, fact);
    next.set(id, onAirKinds.has(fact.kind) && Date.parse(fact.at) > Date.parse(after.lastAt) ? { ...after, lastAt: fact.at } : after);
  }
  for (const [id, show] of next) {
    if (next.size <= showsMax) break;
    if (show.closed) next.delete(id);
  }
  return next;
}

function told(show: Show, { kind, at, body }: RecordedFact): Show {
  const streamer = text(body.streamer) ?? show.streamer;
  switch (kind) {
    case 'show.opened':
      return { ...show, streamer, title: text(body.title), openedAt: at };
    case 'show.closed':
      return { ...show, closed: true };
    case 'item.shown':
      return { ...show, streamer, item: text(body.item), priceMinor: whole(body.price_minor) };
    case 'price.set':
      return body.item === show.item ? { ...show, priceMinor: whole(body.price_minor) ?? show.priceMinor } : show;
    case 'utterance.heard':
      return { ...show, streamer, said: text(body.text) };
    case 'show.entered':
      return { ...show, visits: show.visits + 1 };
    case 'order.paid':
      return { ...show, orders: show.orders + 1, gmvMinor: show.gmvMinor + (whole(body.paid_minor) ?? 0) };
    default:
      return show;
  }
}
