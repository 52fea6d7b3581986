import type { ConnectionEvent } from '../take-events.ts';
import type { ShopKind, ShopThing } from './shop-things.ts';

interface TopicRule {
  kind: ShopKind;
  /** When it happened to a thing that was read, for what happens once; null: it did not. `changed`: whenever it changes. */
  at: 'changed' | ((thing: ShopThing, paidAt: string | null) => string | null);
  /** Whether what a message says of the thing is what its topic says: only the body is signed. */
  isSaid?: (thing: ShopThing, now: Date) => boolean;
}

/** Shopify goes on for four hours and may be a day late; what came is remembered for longer than this. */
const newForMs = 7 * 86_400_000;
const isNew = ({ createdAt }: ShopThing, now: Date): boolean => !(Date.parse(createdAt ?? '') < now.getTime() - newForMs);
const paid: readonly unknown[] = [null, 'paid', 'partially_refunded', 'refunded'];

/** By Shopify's own names. */
export const topicRules: Readonly<Record<string, TopicRule>> = {
  'orders/create': { kind: 'order', at: ({ createdAt }) => createdAt, isSaid: isNew },
  'orders/paid': { kind: 'order', at: (_thing, paidAt) => paidAt, isSaid: ({ value }) => paid.includes(value['payment']) },
  'orders/updated': { kind: 'order', at: 'changed' },
  'orders/cancelled': { kind: 'order', at: ({ cancelledAt }) => cancelledAt, isSaid: ({ cancelledAt }) => cancelledAt !== null },
  'products/create': { kind: 'product', at: ({ createdAt }) => createdAt, isSaid: isNew },
  'products/update': { kind: 'product', at: 'changed' },
  'inventory_levels/update': { kind: 'stock', at: 'changed' },
  'customers/create': { kind: 'customer', at: ({ createdAt }) => createdAt, isSaid: isNew },
  'customers/update': { kind: 'customer', at: 'changed' },
};

/** As its GraphQL names it: `ORDERS_CREATE`. */
export const graphqlTopic = (topic: string): string => topic.replace('/', '_').toUpperCase();

interface Came {
  topic: string;
  shop: string;
  happenedAt: Date;
  cameBy: 'told' | 'read';
  deliveryId: string | null;
  eventId: string | null;
}

/**
 * One event, the same whether Shopify told it or it was read later: what happens once is known by its thing, a change by its thing and the second of
 * its last change, which is what both ways know.
 */
export function shopEvent(rule: TopicRule, thing: ShopThing, came: Came): ConnectionEvent {
  const { topic, shop, happenedAt, cameBy, deliveryId, eventId } = came;
  const changedAt = thing.updatedAt === null ? Number.NaN : Date.parse(thing.updatedAt);
  return {
    topic,
    subject: thing.subject,
    version: rule.at !== 'changed' ? '' : String(Math.floor((Number.isNaN(changedAt) ? happenedAt.getTime() : changedAt) / 1_000)),
    deliveryId,
    eventId,
    cameBy,
    happenedAt,
    newerCovers: false,
    input: {
      topic,
      shop,
      happenedAt: happenedAt.toISOString(),
      isCaughtUp: cameBy === 'read',
      order: null,
      product: null,
      stock: null,
      customer: null,
      [rule.kind]: thing.value,
    },
  };
}
