import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface ShopSubscription {
  id: string;
  topic: string;
  uri: string;
  /** Deliveries in a row that failed. */
  failures: number;
}

/** One message as it goes out; a repeat carries the same. */
export interface ShopMessage {
  headers: Record<string, string>;
  body: string;
}

export interface WebhookManner {
  /** What messages are signed with. */
  secret: string;
  /** Between a delivery that failed and the next: hours over there. */
  retryEveryMs: number;
  /** How often each message is delivered. */
  copies: number;
  /** Nothing goes out until `release`. */
  isHeld: boolean;
  version: string;
}

export interface ShopWebhooks {
  subscriptions: ShopSubscription[];
  /** Topics that the app may not hear of. */
  refused: Set<string>;
  /** How many were made ever. */
  made: number;
  manner: WebhookManner;
  /** Something happened in the shop: every subscription of the topic is told. */
  tell: (topic: string, body: object, given?: { triggeredAt?: string; eventId?: string }) => void;
  /** Sends what was held, in another order if wanted; resolves when all of it was answered or given up. */
  release: (order?: <T>(messages: T[]) => T[]) => Promise<void>;
  /** Resolves when nothing is under way. */
  settled: () => Promise<void>;
  readonly counts: { delivered: number; failed: number; deleted: number };
}

/** A delivery is repeated eight times; a subscription whose deliveries fail eight times in a row is deleted. */
const mostRetries = 8;
const mostFailures = 8;
const patienceMs = 5_000;

/** Shopify's webhooks: signed over their bytes, repeated while they fail, and given up with their subscription. */
export function createShopWebhooks(domain: string): ShopWebhooks {
  const manner: WebhookManner = { secret: 'shpss_1', retryEveryMs: 20, copies: 1, isHeld: false, version: '2026-07' };
  const subscriptions: ShopSubscription[] = [];
  const counts = { delivered: 0, failed: 0, deleted: 0 };
  const underway = new Set<Promise<void>>();
  const held: { subscription: ShopSubscription; message: ShopMessage }[] = [];
  const send = (subscription: ShopSubscription, message: ShopMessage) => {
    const one = deliver({ subscriptions, manner, counts }, subscription, message).finally(() => underway.delete(one));
    underway.add(one);
  };
  const settled = async (): Promise<void> => {
    while (underway.size > 0) await Promise.all(underway);
  };
  return {
    subscriptions,
    refused: new Set(),
    made: 0,
    manner,
    counts,
    settled,
    tell: (topic, body, { triggeredAt = new Date().toISOString(), eventId = randomUUID() } = {}) => {
      for (const subscription of subscriptions.filter((each) => each.topic === topic.replace('/', '_').toUpperCase())) {
        const message = messageOf(domain, manner, { topic, body: JSON.stringify(body), triggeredAt, eventId });
        for (let copy = 0; copy < manner.copies; copy += 1)
          if (manner.isHeld) held.push({ subscription, message });
          else send(subscription, message);
      }
    },
    release: async (order = (messages) => messages) => {
      manner.isHeld = false;
      for (const { subscription, message } of order(held.splice(0))) {
        send(subscription, message);
        await settled();
      }
    },
  };
}

function messageOf(
  domain: string,
  { secret, version }: WebhookManner,
  { topic, body, triggeredAt, eventId }: { topic: string; body: string; triggeredAt: string; eventId: string },
): ShopMessage {
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': domain,
      'x-shopify-api-version': version,
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': eventId,
      'x-shopify-triggered-at': triggeredAt,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
  };
}

type Desk = Pick<ShopWebhooks, 'subscriptions' | 'manner' | 'counts'>;

async function deliver(desk: Desk, subscription: ShopSubscription, { headers, body }: ShopMessage): Promise<void> {
  for (let tries = 0; tries <= mostRetries; tries += 1) {
    if (!desk.subscriptions.includes(subscription)) return;
    if (tries > 0) await pause(desk.manner.retryEveryMs);
    const isTaken = await fetch(subscription.uri, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isTaken) {
      subscription.failures = 0;
      desk.counts.delivered += 1;
      return;
    }
    desk.counts.failed += 1;
    subscription.failures += 1;
    const at = desk.subscriptions.indexOf(subscription);
    if (subscription.failures >= mostFailures && at >= 0) {
      desk.subscriptions.splice(at, 1);
      desk.counts.deleted += 1;
    }
  }
}
