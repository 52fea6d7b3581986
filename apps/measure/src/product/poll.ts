import { setTimeout as pause } from 'node:timers/promises';

/** Asks until there is an answer, two and a half minutes at most: longer than the rarest look of the product, the one into a mailbox that forgot to ring. */
export async function poll<T>(ask: () => Promise<T | null>, failure: () => string): Promise<T> {
  const deadline = performance.now() + 150_000;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(failure());
    await pause(100);
  }
}
