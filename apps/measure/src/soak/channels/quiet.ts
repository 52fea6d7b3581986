import { setTimeout as pause } from 'node:timers/promises';
import type { SplitProduct } from '../../product/split-product.ts';
import { standing } from '../observe.ts';
import type { Line } from './line.ts';

const looksEveryMs = 250;
const saysEveryMs = 5_000;
/** A mail that nobody has read yet is in no table: only that nothing moves any more says that nothing will. */
const stillMs = 45_000;

/** Until so many messages are out altogether and nothing is open; or until nothing moved for a long while. */
export async function untilQuiet(
  product: SplitProduct,
  lines: readonly Line[],
  { replies, deadlineMs }: { replies: number; deadlineMs: number },
  say: (text: string) => void,
): Promise<void> {
  const until = performance.now() + deadlineMs;
  let told = '';
  let movedAt = performance.now();
  let saidAt = 0;
  while (performance.now() < until && performance.now() - movedAt < stillMs) {
    const now = await standing(product);
    const isOver = now !== null && now.unsettled + now.openRuns + now.pendingInbox === 0;
    if (isOver && now.replies >= replies) break;
    const text = JSON.stringify({ ...now, wanted: replies });
    if (text !== told) {
      movedAt = performance.now();
      if (movedAt - saidAt > saysEveryMs) {
        saidAt = movedAt;
        say(text);
      }
    }
    told = text;
    await pause(looksEveryMs);
  }
  await Promise.all(lines.map((line) => line.settled()));
}
