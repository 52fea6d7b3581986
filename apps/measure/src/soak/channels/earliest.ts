import type { SplitProduct } from '../../product/split-product.ts';
import { observe } from '../observe.ts';
import { namesIn, type Heard } from './line.ts';

/** When a message may have reached its provider at the earliest, in milliseconds of the machine's clock. */
export type Earliest = (heard: Heard) => number;

/**
 * Between "about to be sent", which the ledger holds, and the fake's stamp nobody knows how long a message was on its way: a process that stood still, ours or
 * the product's, delays it. Only what is too much however that was counts against the product.
 */
export async function earliestArrivals(product: SplitProduct): Promise<Earliest> {
  const rows = await observe<{ text: string; at: number }>(
    product,
    `select m.text, (extract(epoch from e.dispatched_at) * 1000)::float8 as at from effects e join messages m on m.id = e.message_id
      where e.kind = 'send' and e.dispatched_at is not null`,
  );
  const dispatched = new Map(rows.flatMap(({ text, at }) => namesIn(text).map((name) => [name, at] as const)));
  return ({ text, at }) => Math.min(at, ...namesIn(text).map((name) => dispatched.get(name) ?? at));
}
