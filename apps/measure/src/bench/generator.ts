import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './load.ts';

/** The load, in a process of its own, so that its work is not counted as the product's. */
export interface Generator {
  /** Host and port of the service that the flow is to call. */
  target: string;
  load: (order: LoadOrder) => Promise<LoadResult>;
  close: () => void;
}

export async function startGenerator(say: (text: string) => void): Promise<Generator> {
  const child = fork(join(import.meta.dirname, 'load.ts'));
  const [{ ready: port }] = (await once(child, 'message')) as [{ ready: number }]; // sent by load.ts
  return {
    target: `127.0.0.1:${port}`,
    load: async (order) => {
      child.send(order);
      const [result] = (await once(child, 'message')) as [LoadResult]; // sent by load.ts
      if (result.failures.length > 0) say(`${result.failures.length} of ${order.count} failed; the first: ${result.failures[0]}`);
      return result;
    },
    close: () => child.disconnect(),
  };
}
