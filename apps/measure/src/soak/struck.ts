import { parts, type Product } from '../product/product.ts';
import { observe } from './observe.ts';

/** When something was hit, and which sends and calls were under way then, by the ledger: only these may end unknown. */
export interface Struck {
  /** Carries out a hit and notes when it was. */
  during: <T>(hit: () => Promise<T>) => Promise<T>;
  /** Asked when all is over; nothing depends on how soon after a hit somebody looked. */
  count: () => Promise<number>;
}

const lookEveryMs = 100;

export function createStruck(product: Product): Struck {
  const hits: { from: number; to: number }[] = [];
  // A process that stood still ends by itself, as on a machine that is very busy: a hit as well, though nobody dealt it.
  let seen = product.roots();
  let seenAt = Date.now();
  const watch = setInterval(() => {
    const now = product.roots();
    if (parts.some((part) => now[part] !== seen[part])) hits.push({ from: seenAt, to: Date.now() });
    seen = now;
    seenAt = Date.now();
  }, lookEveryMs);
  return {
    during: async (hit) => {
      const from = Date.now();
      try {
        return await hit();
      } finally {
        hits.push({ from, to: Date.now() });
      }
    },
    count: async () => {
      clearInterval(watch);
      const [row] = await observe<{ count: number }>(
        product,
        `select count(*)::int as count from effects e where e.dispatched_at is not null and exists (
           select 1 from jsonb_to_recordset('${JSON.stringify(hits)}') as hit("from" float8, "to" float8)
           where e.dispatched_at <= to_timestamp(hit."to" / 1000) and coalesce(e.settled_at, 'infinity') >= to_timestamp(hit."from" / 1000))`,
      );
      return row?.count ?? 0;
    },
  };
}
