import { setTimeout as pause } from 'node:timers/promises';

/** Asks again every 20 ms until the answer is truthy; throws with the last answer when it never is. */
export async function waitUntil<T>(ask: () => Promise<T> | T, withinMs = 30_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`It did not happen within ${withinMs} ms: ${ask.toString().slice(0, 200)}`);
    await pause(20);
  }
}
