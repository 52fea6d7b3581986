import { isProcess } from '@holdfast/stack';
import { readRunFile, removeRunFile, type RunFile } from './run-file.ts';

/** In the order of stopping. PostgreSQL takes SIGINT for a fast and clean stop. */
const parts = [
  ['editor', 'SIGTERM'],
  ['app', 'SIGTERM'],
  ['server', 'SIGTERM'],
  ['worker', 'SIGTERM'],
  ['temporal', 'SIGTERM'],
  ['postgres', 'SIGINT'],
] as const;

/** Ends what a crashed launcher left running for this data folder. Answers the names of what it found. */
export async function endOrphans(
  dataDir: string,
  { graceMs = 8_000, except }: { graceMs?: number; except?: number } = {},
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, signal] of parts) {
    const orphan = readRunFile(dataDir, name);
    if (orphan && orphan.pid !== except) {
      found.push(name);
      await end(orphan, signal, graceMs);
    }
    // By now a successor may have noted its own; and who ends the others is there until it has ended itself.
    if (!readRunFile(dataDir, name)) removeRunFile(dataDir, name);
  }
  return found;
}

async function end(orphan: RunFile, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  send(orphan.pid, signal);
  const deadline = Date.now() + graceMs;
  while (isProcess(orphan.pid, orphan.startedAt)) {
    if (Date.now() > deadline) send(-orphan.pid, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 50));
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
