import { HoldfastError, say } from '@holdfast/errors';
import { isJsonObject, type JsonValue } from '@holdfast/node-kit';

// shopify.dev, GraphQL Admin rate limits: a leaky bucket per app and store, whose level comes with every answer. Throttled is 200 with an error code.

/** While less than this share of the bucket is left, everybody waits until it is there again: what is under way already needs some. */
const kept = 0.1;

export interface Bucket {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
  requestedQueryCost: number;
  actualQueryCost: number;
}

const field = (value: JsonValue | undefined, name: string): JsonValue | undefined => (isJsonObject(value) ? value[name] : undefined);

/** The shop's bucket as an answer tells it. */
export function bucketOf(body: JsonValue): Bucket | null {
  const cost = field(field(body, 'extensions'), 'cost');
  const status = field(cost, 'throttleStatus');
  const number = (from: JsonValue | undefined, name: string): number => Number(field(from, name) ?? Number.NaN);
  const bucket = {
    maximumAvailable: number(status, 'maximumAvailable'),
    currentlyAvailable: number(status, 'currentlyAvailable'),
    restoreRate: number(status, 'restoreRate'),
    requestedQueryCost: number(cost, 'requestedQueryCost'),
    actualQueryCost: number(cost, 'actualQueryCost'),
  };
  return bucket.restoreRate > 0 && Number.isFinite(bucket.currentlyAvailable) ? bucket : null;
}

const untilMs = ({ currentlyAvailable, restoreRate }: Bucket, points: number): number =>
  points > currentlyAvailable ? Math.ceil(((points - currentlyAvailable) / restoreRate) * 1_000) : 0;

/** How long to leave a shop alone after this answer; 0: there is room. */
export function restAfterShopify(body: JsonValue): number {
  const bucket = bucketOf(body);
  return bucket === null || !(bucket.maximumAvailable > 0) ? 0 : untilMs(bucket, bucket.maximumAvailable * kept);
}

/** Throws upstream.limited for an answer that says so although its status is 200: nothing was done. */
export function refuseThrottled(shop: string, body: JsonValue): void {
  const errors = field(body, 'errors');
  const isThrottled = Array.isArray(errors) && errors.some((error) => field(field(error, 'extensions'), 'code') === 'THROTTLED');
  if (!isThrottled) return;
  const bucket = bucketOf(body);
  const waitMs = bucket === null ? 1_000 : untilMs(bucket, Number.isFinite(bucket.requestedQueryCost) ? bucket.requestedQueryCost : 0);
  throw new HoldfastError('upstream.limited', {
    detail: say`${shop} has no room for this query now: its points are used up. Nothing was done.`,
    retryAfterMs: Math.max(500, waitMs),
  });
}
