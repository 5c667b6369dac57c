/** Into which of five groups a kind of fact falls. */

export const groups = ['orders', 'after_sale', 'shows', 'engagement', 'others'] as const;
export type Group = (typeof groups)[number];

/** Places of the groups' colours in the palette's series. */
export const tints: Record<Group, number> = { orders: 1, after_sale: 4, shows: 0, engagement: 5, others: 3 };

const kinds: Record<string, Group> = {
  'show.opened': 'shows', 'show.closed': 'shows', 'video.posted': 'shows', 'item.shown': 'shows', 'utterance.heard': 'shows',
  'show.entered': 'engagement', 'show.left': 'engagement', 'comment.posted': 'engagement', 'view.made': 'engagement', 'like.given': 'engagement',
  'follow.made': 'engagement', 'follow.ended': 'engagement', 'share.made': 'engagement', 'impression.served': 'engagement', 'click.made': 'engagement',
};

const families: Record<string, Group> = {
  order: 'orders',
  return: 'after_sale', refund: 'after_sale', claim: 'after_sale', evidence: 'after_sale', appeal: 'after_sale', case: 'after_sale', jury: 'after_sale',
  ruling: 'after_sale', review: 'after_sale', report: 'after_sale',
};

export function groupOf(kind: string): Group {
  return kinds[kind] ?? families[kind.split('.', 1)[0] ?? ''] ?? 'others';
}
