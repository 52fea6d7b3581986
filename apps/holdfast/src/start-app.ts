import { readFileSync, statSync } from 'node:fs';
import { startChild, StackError } from '@holdfast/stack';
import { join } from 'node:path';
import type { AppMessage } from './app-process.ts';
import { logFile } from './data-folder.ts';
import { portTaken } from './port-taken.ts';
import type { Running } from './supervise.ts';

export interface AppOptions {
  /** Name of its log and its run file. */
  name: 'app' | 'server' | 'worker';
  roles: string;
  dataDir: string;
  env: NodeJS.ProcessEnv;
}

/** Starts the app process and resolves when it answers. */
export async function startApp({ name, roles, dataDir, env }: AppOptions): Promise<Running> {
  const log = logFile(dataDir, name);
  const from = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const child = await startChild({
    file: process.execPath,
    args: [join(import.meta.dirname, 'app-process.ts'), roles],
    env,
    logFile: log,
    ipc: true,
  });
  const stop = async (): Promise<void> => void (await child.stop('SIGTERM', 12_000));
  const told = await new Promise<AppMessage>((resolve) => {
    const timer = setTimeout(() => resolve({ failed: 'it did not get ready within two minutes' }), 120_000);
    const settle = (message: AppMessage): void => (clearTimeout(timer), resolve(message));
    // as: the only sender is our own app-process.ts.
    child.child.on('message', (message) => settle(message as AppMessage));
    void child.exited.then(({ code, signal }) => settle({ failed: `it ended with ${signal ?? `code ${code}`}` }));
  });
  if ('ready' in told) return { pid: child.pid, exited: child.exited, stop };
  if (child.isRunning()) await stop();
  if (told.takenPort !== undefined) throw portTaken(told.takenPort);
  throw new StackError(`Holdfast's ${name} did not start: ${errorIn(log, from) ?? told.failed}`, `Its log says more: ${log}`);
}

/** The last error a process wrote before it ended: it may have died before it could tell us. */
function errorIn(log: string, from: number): string | null {
  const lines = readFileSync(log).subarray(from).toString('utf8').split('\n');
  return lines.findLast((line) => /^(?:Uncaught )?(?:[A-Z]\w*)?Error(?: \[\w+\])?: /.test(line)) ?? null;
}
