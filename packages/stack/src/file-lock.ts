import { open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isProcess, processStartedAt } from './process-identity.ts';
import { messageOf, StackError } from './stack-error.ts';

/** Waits until this process alone holds `file`; answers its release. A lock whose process is gone is taken over. */
export async function lockFile(file: string, onWait: () => void = () => undefined): Promise<() => Promise<void>> {
  for (let told = false; ; told = true) {
    if (await create(file)) return () => rm(file, { force: true });
    if (await isAbandoned(file)) await rm(file, { force: true });
    else if (!told) onWait();
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function create(file: string): Promise<boolean> {
  try {
    const opened = await open(file, 'wx');
    await opened.writeFile(`${process.pid} ${processStartedAt(process.pid)}`);
    await opened.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new StackError(
      `The folder ${dirname(file)} can't be written: ${messageOf(error)}`,
      'Give yourself the right to write there, or choose another place (HOLDFAST_DATA_DIR for data, XDG_CACHE_HOME for the cache).',
    );
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return false;
  const owner = /^(\d+) (.+)$/.exec(text);
  if (owner) return !isProcess(Number(owner[1]), owner[2] ?? '');
  // Created but not yet written, or torn by a crash: give its owner a moment.
  const age = await stat(file).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  );
  return age > 5_000;
}
