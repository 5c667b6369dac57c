/** What a fact says, as a text and the values in it. */
import type { RecordedFact } from '../../api/answers';
import type { Formats } from '../../format/formats';
import type { TextKey, Translate } from '../../i18n';
import { en } from '../../i18n/en';

export interface Saying {
  key: TextKey;
  values: Record<string, string>;
}

export interface Telling {
  t: Translate;
  word(group: string, name: string): string | undefined;
  formats: Formats;
  /** An item's name, a show's title, or the id. */
  nameOf(id: string): string;
}

/** A body, read with care: facts of other versions of the format may lack what is asked for. */
interface Reader extends Telling {
  id(...fields: string[]): string;
  who(field: string): string;
  money(field: string): string;
  known(group: string, field: string): string;
  has(field: string): boolean;
  body: Record<string, unknown>;
}

type Values = Record<string, string>;

/** The values of a kind's text; a variant of the text stands under `variant`. */
const sayings: Record<string, (r: Reader) => Values> = {
  'order.paid': (r) => ({ variant: r.has('show') ? 'show' : '', buyer: r.who('buyer'), money: r.money('paid_minor'), goods: goodsOf(r), show: r.id('show') }),
  'order.dispatched': (r) => ({ variant: r.has('carrier') ? 'carrier' : '', order: r.id('order'), carrier: r.id('carrier') }),
  'return.requested': (r) => ({ order: r.id('order'), reason: r.known('reason', 'reason') }),
  'refund.paid': (r) => ({ variant: r.has('order') ? '' : 'plain', order: r.id('order'), money: r.money('amount_minor'), reason: r.known('reason', 'reason') }),
  'claim.opened': (r) => ({ buyer: r.who('buyer'), order: r.id('order'), reason: r.known('reason', 'reason') }),
  'claim.answered': (r) => ({ claim: r.id('claim') }),
  'claim.withdrawn': (r) => ({ claim: r.id('claim') }),
  'evidence.given': (r) => ({ side: r.known('side', 'side'), evidence: r.id('evidence') }),
  'appeal.opened': (r) => ({ party: r.id('appellant'), appeal: r.id('appeal') }),
  'ruling.made': (r) => ({ subject: r.id('claim', 'appeal', 'contract', 'ruling') }),
  'review.posted': (r) => ({ buyer: r.who('buyer'), item: r.id('item'), stars: r.id('stars') }),
  'report.filed': (r) => ({ target: r.id('target', 'item', 'show'), code: r.id('code') }),
  'show.opened': (r) => ({ streamer: r.id('streamer'), title: r.id('title', 'show') }),
  'show.closed': (r) => ({ show: r.id('show'), viewers: r.id('viewers') }),
  'video.posted': (r) => ({ who: r.id('streamer', 'shop'), video: r.id('video') }),
  'item.shown': (r) => ({ variant: r.has('price_minor') ? 'price' : '', who: r.id('streamer', 'show'), item: r.id('item'), money: r.money('price_minor') }),
  'utterance.heard': (r) => ({ who: r.id('streamer', 'show'), text: r.id('text') }),
  'comment.posted': (r) => ({ viewer: r.who('viewer'), text: r.id('text') }),
  'view.made': (r) => ({ viewer: r.who('viewer'), what: r.id('show', 'video') }),
  'like.given': (r) => ({ viewer: r.who('viewer'), what: r.id('show', 'video', 'comment') }),
  'share.made': (r) => ({ viewer: r.who('viewer'), what: r.id('item', 'show', 'video') }),
  'follow.made': (r) => ({ viewer: r.who('follower'), what: r.id('streamer', 'shop') }),
  'follow.ended': (r) => ({ viewer: r.who('follower'), what: r.id('streamer', 'shop') }),
  'show.entered': (r) => ({ viewer: r.who('viewer'), show: r.id('show') }),
  'show.left': (r) => ({ viewer: r.who('viewer'), show: r.id('show') }),
  'impression.served': (r) => ({ viewer: r.who('viewer'), what: r.id('item', 'show', 'video') }),
  'click.made': (r) => ({ viewer: r.who('viewer'), what: r.id('item', 'show', 'video') }),
  'price.set': (r) => ({ item: r.id('item'), money: r.money('price_minor') }),
  'stock.set': (r) => ({ item: r.id('item'), count: r.id('available') }),
  'item.listed': (r) => ({ shop: r.id('shop'), item: r.id('item') }),
  'item.changed': (r) => ({ item: r.id('item') }),
  'party.registered': (r) => ({ party: r.id('party'), kind: r.known('party', 'party_kind') }),
  'margin.paid': (r) => ({ party: r.id('party'), money: r.money('amount_minor') }),
  'violation.found': (r) => ({ party: r.id('party'), code: r.id('code') }),
  'nudge.sent': (r) => ({ show: r.id('show'), code: r.id('code') }),
  'nudge.heeded': (r) => ({ show: r.id('show') }),
  'penalty.imposed': (r) => ({ party: r.id('party') }),
  'penalty.lifted': (r) => ({ party: r.id('party') }),
  'badge.lit': (r) => ({ party: r.id('item', 'streamer', 'shop'), badge: r.id('badge') }),
  'badge.unlit': (r) => ({ party: r.id('item', 'streamer', 'shop'), badge: r.id('badge') }),
  'sample.sent': (r) => ({ shop: r.id('shop'), streamer: r.id('streamer'), item: r.id('item') }),
  'contract.signed': (r) => ({ client: r.id('client'), provider: r.id('provider') }),
};
for (const step of ['cancelled', 'picked_up', 'signed', 'received', 'frozen']) sayings[`order.${step}`] = (r) => ({ order: r.id('order') });
for (const step of ['agreed', 'shipped', 'received']) sayings[`return.${step}`] = (r) => ({ order: r.id('order') });

function goodsOf(r: Reader): string {
  const lines = Array.isArray(r.body.lines) ? (r.body.lines as Record<string, unknown>[]) : [];
  const [first] = lines;
  if (!first) return '—';
  const name = typeof first.name === 'string' ? first.name : r.nameOf(String(first.item));
  const goods = Number(first.qty) > 1 ? `${name} ×${String(first.qty)}` : name;
  return lines.length === 1 ? goods : r.t('live.goods.more', { goods, count: lines.length - 1 });
}

function readerOf(body: Record<string, unknown>, telling: Telling): Reader {
  const has = (field: string) => ['string', 'number'].includes(typeof body[field]);
  const id = (...fields: string[]) => {
    const field = fields.find(has);
    const value = field === undefined ? '—' : body[field];
    return typeof value === 'number' ? telling.formats.count(value) : field === 'show' || field === 'item' ? telling.nameOf(String(value)) : String(value);
  };
  return {
    ...telling,
    body,
    has,
    id,
    who: (field) => (has(field) ? id(field) : telling.t('live.somebody')),
    money: (field) => (typeof body[field] === 'number' && typeof body.currency === 'string' ? telling.formats.money(body[field], body.currency) : '—'),
    known: (group, field) => telling.word(group, String(body[field])) ?? id(field),
  };
}

/** Ids that tell most of a fact of any kind. */
const subjects = ['claim', 'appeal', 'case', 'order', 'show', 'video', 'item', 'contract', 'campaign', 'programme', 'delegation', 'party', 'shop', 'streamer', 'provider', 'rule'];

export function says(fact: RecordedFact, telling: Telling): Saying {
  const r = readerOf(fact.body, telling);
  const { variant, ...values } = sayings[fact.kind]?.(r) ?? {};
  const key = `live.says.${fact.kind}${variant ? `.${variant}` : ''}`;
  if (sayings[fact.kind] && key in en) return { key: key as TextKey, values };
  return { key: 'live.says.generic', values: { kind: fact.kind, subject: subjects.some(r.has) ? r.id(...subjects) : fact.key } };
}

/** The kinds that have a text of their own. */
export const toldKinds = Object.keys(sayings);
