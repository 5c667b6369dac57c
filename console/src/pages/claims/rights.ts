/** Which right on an order's card fits what went wrong, and what it would bring. */
import type { CardLine, OrderCard } from '../../api/claims';
import { windowEnd } from '../../format/countdown';
import { numberAt, readToml, rowsAt, tableAt, wordsAt } from '../../format/toml';

export interface Right {
  line: CardLine;
  /** What may be asked for under it. */
  wishes: string[];
  /** Until when, where the clock has begun and can be told here. */
  until: string | undefined;
  /** Whether that has passed. */
  over: boolean;
  /** Kinds of evidence that it asks for; none asks for any, undefined when the rule may not be read. */
  proof: string[] | undefined;
  /** What it would pay at most, when that can be reckoned from what was paid. */
  money: number | undefined;
  /** How long the merchant has to answer. */
  answer: { length: number; unit: string } | undefined;
  needsReturn: boolean;
}

type Paid = OrderCard['state'];

/** What the awards of a rule come to on an order; undefined when one of them rests on what only the server knows. */
export function awardOf(text: string, paid: Pick<Paid, 'paid_minor' | 'freight_minor'>): number | undefined {
  const awards = rowsAt(readToml(text), 'award');
  if (awards.length === 0) return undefined;
  let sum = 0;
  for (const award of awards) {
    const goods = paid.paid_minor - (paid.freight_minor ?? 0);
    const bases: Record<string, number | undefined> = { line_paid: goods, order_paid: goods, freight_out: paid.freight_minor };
    const fixed = numberAt(award, 'amount_minor');
    const base = bases[String(award.base)];
    if (fixed === undefined && base === undefined) return undefined;
    const rate = numberAt(award, 'rate_bps');
    const part = fixed ?? (rate === undefined ? (base ?? 0) * (numberAt(award, 'multiple') ?? 1) : Math.round(((base ?? 0) * rate) / 10_000));
    sum += Math.min(Math.max(part, numberAt(award, 'minimum_minor') ?? part), numberAt(award, 'maximum_minor') ?? Infinity);
  }
  return sum;
}

function rightOf(line: CardLine, text: string | undefined, state: Paid, nowMs: number): Right {
  const rule = text === undefined ? undefined : readToml(text);
  const begun = line.until && { paid: state.paid, dispatched: state.dispatched, signed: state.signed ?? state.received }[line.until.from]?.[1];
  const until = line.until && windowEnd(begun, line.until.length, line.until.unit, state.utc_offset_minutes ?? 0);
  const answer = rule && tableAt(rule, 'answer');
  const [length, unit] = [numberAt(answer, 'length'), answer?.unit];
  return {
    line,
    wishes: rule ? wordsAt(tableAt(rule, 'trigger'), 'wishes') : [],
    until,
    over: until !== undefined && Date.parse(until) <= nowMs,
    proof: rule && wordsAt(tableAt(rule, 'evidence'), 'kinds'),
    money: text === undefined ? undefined : awardOf(text, state),
    answer: length !== undefined && typeof unit === 'string' ? { length, unit } : undefined,
    needsReturn: rule?.needs_return === true,
  };
}

/** Rights that cover a reason, the best first: open before closed, then more money, then upgraded before base. */
export function rightsFor(reason: string, card: OrderCard, texts: Record<string, string>, nowMs: number): Right[] {
  const covers = (line: CardLine) => {
    const text = texts[line.version];
    // A rule that may not be read is not ruled out; the server knows what fits.
    return text === undefined || wordsAt(tableAt(readToml(text), 'trigger'), 'reasons').includes(reason);
  };
  const rights = card.card.lines.filter((line) => line.given && covers(line)).map((line) => rightOf(line, texts[line.version], card.state, nowMs));
  const rank = (right: Right): [number, number, number] => [right.over ? 1 : 0, -(right.money ?? 0), right.line.level === 'upgraded' ? 0 : 1];
  return rights.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
  });
}

/** What to ask for under a right: what was wished if it takes that, else the first thing that it takes. */
export function wishFor(right: Right | undefined): string {
  return right?.wishes[0] ?? 'refund';
}
