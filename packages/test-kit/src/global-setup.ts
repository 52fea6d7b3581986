import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporalBinary, startPostgres, startTemporal } from '@holdfast/stack';
import { markFolder, sweepAbandoned } from './abandoned.ts';
import { serviceVariables } from './services.ts';

/** One PostgreSQL and one Temporal for a whole run of tests; both are gone afterwards, whatever happened in between. */
export default async function startServices(): Promise<() => Promise<void>> {
  if (process.env[serviceVariables.postgres] && process.env[serviceVariables.temporal]) return async () => undefined;
  await sweepAbandoned();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  const started: { pid: number; stop(): Promise<void> }[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
    for (const name of Object.values(serviceVariables)) delete process.env[name];
  };
  const keep = async <T extends { pid: number; stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(one);
    await markFolder(
      folder,
      started.map(({ pid }) => pid),
    );
    return one;
  };
  try {
    await startInto(folder, keep);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

type Keep = <T extends { pid: number; stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

async function startInto(folder: string, keep: Keep): Promise<void> {
  const binary = await ensureTemporalBinary({ onProgress: (text) => process.stderr.write(`${text}\n`) });
  const postgres = await keep(startPostgres({ dataDir: folder, durable: false, settings: { max_connections: '500' } }));
  const temporal = await keep(startTemporal({ binary, logFile: join(folder, 'logs', 'temporal.log') }));
  process.env[serviceVariables.postgres] = postgres.url;
  process.env[serviceVariables.temporal] = temporal.address;
  process.env[serviceVariables.temporalBinary] = binary;
}
