import { setTimeout as pause } from 'node:timers/promises';
import type { Product } from '../product/product.ts';
import { inFlight } from './observe.ts';

/** What stood between "about to be sent" and "known" when something was hit, by key: what one hit left unsettled may still be so at the next. */
export interface Struck {
  readonly size: number;
  /** Reads it as soon as PostgreSQL answers. */
  note: () => Promise<void>;
}

export function createStruck(product: Product): Struck {
  const keys = new Set<string>();
  return {
    get size() {
      return keys.size;
    },
    note: async () => {
      for (;;) {
        const found = await inFlight(product).catch(() => null);
        if (found === null) await pause(50);
        else return found.forEach((key) => keys.add(key));
      }
    },
  };
}
