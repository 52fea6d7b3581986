import { setTimeout as wait } from 'node:timers/promises';

const pausesMs = [100, 300, 700, 1_500, 2_500, 5_000];

/** What the provider said is known here alone, so a database that restarts meanwhile gets some seconds. */
export async function insist<T>(write: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await write();
    } catch {
      await wait(pauseMs);
    }
  }
  return write();
}
