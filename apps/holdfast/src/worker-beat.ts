import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A worker has no port: its container's health check looks at the age of this file. */
export const workerBeatFile = join(tmpdir(), `holdfast-worker-beat-${process.getuid?.() ?? 0}`);

export function startWorkerBeat(): void {
  const beat = (): void => writeFileSync(workerBeatFile, '');
  beat();
  setInterval(beat, 5_000).unref();
}
