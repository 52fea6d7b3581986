import { readFileSync, statSync } from 'node:fs';
import { startChild, StackError } from '@holdfast/stack';
import { join } from 'node:path';
import type { AppMessage } from './app-process.ts';
import { logFile } from './data-folder.ts';
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
  const failure = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve('it did not get ready within two minutes'), 120_000);
    const settle = (reason: string | null): void => (clearTimeout(timer), resolve(reason));
    // as: the only sender is our own app-process.ts.
    child.child.on('message', (message) => settle('failed' in (message as AppMessage) ? (message as { failed: string }).failed : null));
    void child.exited.then(({ code, signal }) => settle(`it ended with ${signal ?? `code ${code}`}`));
  });
  if (failure === null) return { pid: child.pid, exited: child.exited, stop };
  if (child.isRunning()) await stop();
  throw new StackError(`Holdfast's ${name} did not start: ${errorIn(log, from) ?? failure}`, `Its log says more: ${log}`);
}

/** The last error a process wrote before it ended: it may have died before it could tell us. */
function errorIn(log: string, from: number): string | null {
  const lines = readFileSync(log).subarray(from).toString('utf8').split('\n');
  return lines.findLast((line) => /^(?:Uncaught )?(?:[A-Z]\w*)?Error(?: \[\w+\])?: /.test(line)) ?? null;
}
