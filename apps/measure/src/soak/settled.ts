import { setTimeout as pause } from 'node:timers/promises';
import type { Product } from '../product/product.ts';
import { openRuns } from './observe.ts';

/** Fifteen minutes: twice what the longest soak needs to come to rest. */
const patienceMs = 900_000;

/** Until no run is open, for `quietMs` on end where more may still come. */
export async function settled(product: Product, say: (text: string) => void, { quietMs = 0 } = {}): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let told = '';
  let quietSince: number | null = null;
  while (performance.now() < deadline) {
    const open = await openRuns(product).catch(() => null);
    quietSince = open?.length === 0 ? (quietSince ?? performance.now()) : null;
    if (quietSince !== null && performance.now() - quietSince >= quietMs) return;
    const text = JSON.stringify(open);
    if (text !== told) say(text);
    told = text;
    await pause(500);
  }
  say('It did not settle within fifteen minutes.');
}
