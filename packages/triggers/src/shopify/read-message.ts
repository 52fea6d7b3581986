import { HoldfastError, say } from '@holdfast/errors';
import type { ConnectionEvent } from '../take-events.ts';
import { thingFrom } from './shop-things.ts';
import { shopEvent, topicRules } from './topic-rules.ts';

/** A proven message of Shopify's. Null for a topic that no flow can ask for. Throws auth.forbidden for another shop's, and request.invalid. */
export function readShopMessage(
  { shop, now }: { shop: string; now: Date },
  headers: Readonly<Record<string, string>>,
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
  const triggered = new Date(headers['x-shopify-triggered-at'] ?? '');
  return shopEvent(rule, thingOf(rule.kind, body), {
    topic,
    shop,
    happenedAt: Number.isNaN(triggered.getTime()) ? now : triggered,
    cameBy: 'told',
    deliveryId: shortened(headers['x-shopify-webhook-id']),
    eventId: shortened(headers['x-shopify-event-id']),
  });
}

function thingOf(kind: Parameters<typeof thingFrom>[0], body: unknown): ReturnType<typeof thingFrom> {
  try {
    return thingFrom(kind, body);
  } catch {
    throw new HoldfastError('request.invalid', { detail: say`The message does not say which ${kind} it is about.` });
  }
}

const shortened = (id: string | undefined): string | null => (id === undefined || id === '' ? null : id.slice(0, 200));
