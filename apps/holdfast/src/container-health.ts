// The health check of a container: exit code 0 when this container's part does its work.
import { readFileSync, statSync } from 'node:fs';
import { readSettings } from './settings.ts';
import { workerBeatFile } from './worker-beat.ts';

const role = process.argv[2] ?? (readFileSync('/proc/1/cmdline', 'utf8').includes('server') ? 'server' : 'worker');

async function isHealthy(): Promise<boolean> {
  // Not /api/health: that one also answers for Temporal and the workers, and restarting the server would not heal those.
  if (role === 'server')
    return fetch(`http://127.0.0.1:${readSettings().port}/api/setup`, { signal: AbortSignal.timeout(4_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  const beat = statSync(workerBeatFile, { throwIfNoEntry: false });
  return beat !== undefined && Date.now() - beat.mtimeMs < 15_000;
}

process.exit((await isHealthy()) ? 0 : 1);
