import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, shuffled } from '@holdfast/test-kit/fakes';
import type { Product } from '../product/product.ts';
import type { ExpressSoakOptions } from './options.ts';
import { createStruck, type Struck } from './struck.ts';

export type Hit = 'kill app' | 'kill postgres' | 'restart postgres' | 'temporal away' | 'freeze app';

export interface HitReport {
  hits: Record<Hit, number>;
  /** Counts the calls that were under way when something was hit: no more than these may end ambiguous. */
  struck: Struck;
}

/** In the order that the seed decides; the outage of Temporal goes on beside what follows it. */
export function plannedHits({ seed, appKills, postgresRestarts }: ExpressSoakOptions): Hit[] {
  const times = (count: number, hit: Hit): Hit[] => Array.from({ length: count }, () => hit);
  const killed = Math.ceil(postgresRestarts / 2);
  return shuffled(
    [
      ...times(appKills, 'kill app'),
      ...times(killed, 'kill postgres'),
      ...times(postgresRestarts - killed, 'restart postgres'),
      'temporal away' as const,
      'freeze app' as const,
    ],
    createRandom(seed),
  );
}

/** Carries out all hits; resolves when the last one is over. */
export async function hitAll(product: Product, options: ExpressSoakOptions, say: (text: string) => void): Promise<HitReport> {
  const random = createRandom(options.seed + 1);
  const struck = createStruck(product);
  const hits: Record<Hit, number> = { 'kill app': 0, 'kill postgres': 0, 'restart postgres': 0, 'temporal away': 0, 'freeze app': 0 };
  const beside: Promise<void>[] = [];
  for (const hit of plannedHits(options)) {
    // A process that is still coming up executes nothing that could be hit.
    while (!(await product.answers())) await pause(100);
    await pause(options.hitEveryMs * (0.5 + random()));
    if (hit === 'temporal away') await struck.during(async () => void beside.push(product.keepDown('temporal', options.temporalAwayMs)));
    else await struck.during(() => strike(product, hit, options));
    hits[hit] += 1;
    say(`${hit} (${Object.values(hits).reduce((sum, count) => sum + count, 0)} hits)`);
  }
  await Promise.all(beside);
  return { hits, struck };
}

async function strike(product: Product, hit: Exclude<Hit, 'temporal away'>, { frozenMs }: ExpressSoakOptions): Promise<void> {
  const act = {
    'kill app': () => product.kill('app'),
    'kill postgres': () => product.kill('postgres'),
    'restart postgres': () => product.kill('postgres', 'SIGINT'),
    'freeze app': () => product.freeze('app', frozenMs),
  };
  // A part that is still coming back can't be hit again; wait for it, the count is promised.
  while (!(await act[hit]())) await pause(100);
}
