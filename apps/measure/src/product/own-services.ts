import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporalBinary, startPostgres, startTemporal } from '@holdfast/stack';
import type { Services } from './split-product.ts';

/** A PostgreSQL and a Temporal in a folder of their own, for a measurement outside the tests' run; `close` removes all of it. */
export async function ownServices(): Promise<Services & { close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-services-'));
  const binary = await ensureTemporalBinary({ onProgress: (text) => void process.stderr.write(`${text}\n`) });
  const postgres = await startPostgres({ dataDir: folder, settings: { max_connections: '300' } });
  const temporal = await startTemporal({ binary, logFile: join(folder, 'temporal.log') });
  return {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    temporalNamespace: 'default',
    close: async () => {
      await Promise.all([postgres.stop(), temporal.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
