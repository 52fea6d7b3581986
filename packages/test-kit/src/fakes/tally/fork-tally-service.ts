import { join } from 'node:path';
import { forkFake } from '../fork-fake.ts';
import type { OrderTally } from './tally-service.ts';

export interface ForkedTallyService {
  url: string;
  tally: () => Promise<Record<string, OrderTally>>;
  close: () => Promise<void>;
}

/** The counting shop in a process of its own (forkFake). */
export async function forkTallyService({ seed, slowMs }: { seed: number; slowMs: number }): Promise<ForkedTallyService> {
  const fake = await forkFake(join(import.meta.dirname, 'main.ts'), [String(seed), String(slowMs)]);
  return {
    url: fake.url,
    tally: async () => (await fake.control('tally')) as Record<string, OrderTally>, // our own fake's words
    close: fake.close,
  };
}
