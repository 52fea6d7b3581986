import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcess, processStartedAt } from '@holdfast/stack';

interface Owner {
  pid: number;
  startedAt: string | null;
}

const identify = (pid: number): Owner => ({ pid, startedAt: processStartedAt(pid) });
const isAlive = ({ pid, startedAt }: Owner): boolean => startedAt !== null && isProcess(pid, startedAt);

/** Notes who uses a test folder and what runs for it, so that a killed run leaves nothing for ever. */
export const markFolder = (folder: string, children: number[]): Promise<void> =>
  writeFile(join(folder, 'owner.json'), JSON.stringify({ owner: identify(process.pid), children: children.map(identify) }));

/** Ends the services of runs that were killed, and removes their folders. */
export async function sweepAbandoned(root = tmpdir()): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith('holdfast-test-')) continue;
    const folder = join(root, name);
    const text = await readFile(join(folder, 'owner.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    // as: our own file, written by markFolder.
    const { owner, children } = JSON.parse(text) as { owner: Owner; children: Owner[] };
    if (isAlive(owner)) continue;
    for (const child of children.filter(isAlive)) process.kill(child.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
