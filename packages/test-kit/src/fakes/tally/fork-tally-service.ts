import { join } from 'node:path';
import { z } from 'zod';
import { forkFake } from '../fork-fake.ts';
import type { Holds, OrderTally } from './tally-service.ts';

export interface ForkedTallyService {
  url: string;
  tally: () => Promise<Record<string, OrderTally>>;
  /** From now on these calls are taken but not answered: orders by path. */
  hold: (holds: Holds) => Promise<void>;
  /** How many calls are held now. */
  held: () => Promise<number>;
  /** Answers what is held, and holds nothing any more. */
  release: () => Promise<void>;
  close: () => Promise<void>;
}

/** The counting shop in a process of its own (forkFake). */
export async function forkTallyService({ seed, slowMs }: { seed: number; slowMs: number }): Promise<ForkedTallyService> {
  const fake = await forkFake(join(import.meta.dirname, 'main.ts'), [String(seed), String(slowMs)]);
  return {
    url: fake.url,
    tally: async () => (await fake.control('tally')) as Record<string, OrderTally>, // our own fake's words
    hold: async (holds) => void (await fake.control('hold', holds)),
    held: async () => z.object({ held: z.number() }).parse(await fake.control('held')).held,
    release: async () => void (await fake.control('release', {})),
    close: fake.close,
  };
}
