import { join } from 'node:path';
import { z } from 'zod';
import { forkFake } from '../fork-fake.ts';
import type { ProxyAsked, ProxyFault, ProxyOptions } from './proxy-desk.ts';

export interface ForkedProxy {
  /** Where it listens, with its scheme. */
  url: string;
  /** Every way that was asked for by somebody who may. */
  asked: () => Promise<ProxyAsked[]>;
  misbehave: (fault: ProxyFault | null) => Promise<void>;
  close: () => Promise<void>;
}

/** A proxy in a process of its own (forkFake). */
export async function forkProxy(kind: 'socks5' | 'http', options: ProxyOptions = {}): Promise<ForkedProxy> {
  const fake = await forkFake(join(import.meta.dirname, 'main.ts'), [kind, JSON.stringify(options)]);
  const facts = async () => z.object({ url: z.string(), asked: z.array(z.any()) }).parse(await fake.control('facts'));
  return {
    url: (await facts()).url,
    asked: async () => (await facts()).asked as ProxyAsked[], // our own fake's words
    misbehave: async (fault) => void (await fake.control('misbehave', { fault })),
    close: fake.close,
  };
}
