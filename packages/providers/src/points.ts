import { notePoints, takePoints, type Pool } from '@holdfast/db';
import type { EgressRequest, JsonValue } from '@holdfast/node-kit';
import type { Provider } from './provider-of.ts';
import { bucketOf } from './shopify-cost.ts';

/** Calls whose cost is remembered, by what they ask. */
const mostKnown = 500;

export interface Points {
  /** In how many milliseconds the provider has room for what the call costs; 0: it is taken. */
  take: (provider: Provider, request: EgressRequest) => Promise<number>;
  /** What the answer tells of the bucket, and of what such a call costs. */
  learn: (provider: Provider, request: EgressRequest, body: JsonValue) => Promise<void>;
}

/** Providers that count points instead of calls: Shopify's bucket, shared by all processes. */
export function createPoints({ pool }: { pool: Pool }): Points {
  const known = new Map<string, number>();
  const costOf = (request: EgressRequest): number => known.get(keyOf(request)) ?? request.cost ?? 0;
  return {
    take: async (provider, request) => {
      const cost = provider.kind === 'shopify' ? costOf(request) : 0;
      return cost > 0 ? takePoints(pool, { ...provider, cost }) : 0;
    },
    learn: async (provider, request, body) => {
      const bucket = provider.kind === 'shopify' ? bucketOf(body) : null;
      if (!bucket || !(bucket.maximumAvailable > 0)) return;
      const { maximumAvailable: most, restoreRate: perSecond, currentlyAvailable: available, requestedQueryCost, actualQueryCost } = bucket;
      // Refused for want of points: nothing was used of what was taken here.
      const used = Number.isFinite(actualQueryCost) ? actualQueryCost : 0;
      const back = Math.max(0, costOf(request) - used);
      if (Number.isFinite(requestedQueryCost)) remember(known, keyOf(request), requestedQueryCost);
      await notePoints(pool, { ...provider, bucket: { most, perSecond, available }, back });
    },
  };
}

function remember(known: Map<string, number>, key: string, cost: number): void {
  const [oldest] = known.keys();
  if (!known.has(key) && known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
  known.set(key, cost);
}

/** The query, without its values: what they cost is decided by how much is asked for at most. */
function keyOf({ url, body }: EgressRequest): string {
  const text = typeof body === 'string' ? body : '';
  const end = text.indexOf('"variables"');
  return `${url} ${end < 0 ? text : text.slice(0, end)}`.slice(0, 4_000);
}
