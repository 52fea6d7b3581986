import { createHash } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import type { ConnectionEvent } from '../take-events.ts';
import { thingFrom, type ShopKind } from './shop-things.ts';
import { shopEvent, topicRules } from './topic-rules.ts';

/**
 * A proven message of Shopify's. Null for a topic that no flow can ask for. Throws auth.forbidden for another shop's, and request.invalid.
 * The signature is over the body alone: a message that was captured can come again with other headers, so what they say must be what the body says, and the
 * same bytes tell the same thing once.
 */
export function readShopMessage(
  { shop, now }: { shop: string; now: Date },
  { headers, body: bytes }: { headers: Readonly<Record<string, string>>; body: Buffer },
  body: unknown,
): ConnectionEvent | null {
  const from = (headers['x-shopify-shop-domain'] ?? '').toLowerCase();
  if (from !== shop.toLowerCase())
    throw new HoldfastError('auth.forbidden', {
      detail: say`This address belongs to ${shop}, but the message is from ${from === '' ? 'no shop' : from.slice(0, 120)}. Nothing was started.`,
      hint: 'Remove the subscription over there.',
    });
  const topic = headers['x-shopify-topic'] ?? '';
  const rule = Object.hasOwn(topicRules, topic) ? topicRules[topic] : undefined;
  if (!rule) return null;
  const thing = thingOf(rule.kind, body);
  if (!isOfKind(rule.kind, body) || rule.isSaid?.(thing, now) === false)
    throw new HoldfastError('auth.forbidden', {
      detail: say`The message says that it is about ${topic}, but what it holds is something else. Nothing was started.`,
      hint: 'If the shop itself sent it, look at what stands between the shop and Holdfast.',
    });
  const triggered = new Date(headers['x-shopify-triggered-at'] ?? '');
  return shopEvent(rule, thing, {
    topic,
    shop,
    happenedAt: Number.isNaN(triggered.getTime()) ? now : triggered,
    cameBy: 'told',
    // In place of the message's own id, which nobody signs; Shopify repeats the same bytes.
    deliveryId: createHash('sha256').update(`${topic}\n`).update(bytes).digest('hex'),
    eventId: shortened(headers['x-shopify-event-id']),
  });
}

const typeOfKind: Readonly<Record<ShopKind, string>> = {
  order: 'Order',
  product: 'Product',
  stock: 'InventoryLevel',
  customer: 'Customer',
};
const named = z.object({ admin_graphql_api_id: z.string() });

/** Every body of Shopify's says what it is: a customer must not pass as an order. */
function isOfKind(kind: ShopKind, body: unknown): boolean {
  const own = named.safeParse(body).data?.admin_graphql_api_id;
  return own === undefined || own.startsWith(`gid://shopify/${typeOfKind[kind]}/`);
}

function thingOf(kind: Parameters<typeof thingFrom>[0], body: unknown): ReturnType<typeof thingFrom> {
  try {
    return thingFrom(kind, body);
  } catch {
    throw new HoldfastError('request.invalid', { detail: say`The message does not say which ${kind} it is about.` });
  }
}

const shortened = (id: string | undefined): string | null => (id === undefined || id === '' ? null : id.slice(0, 200));
