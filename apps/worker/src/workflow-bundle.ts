import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const require = createRequire(import.meta.url);
export const workflowsFolder = join(require.resolve('@holdfast/workflows'), '..');

/** The workflows' code as one file, kept under the hash of its sources: bundling takes seconds on a small machine, reading it milliseconds. */
export async function workflowBundle(cacheFolder: string): Promise<{ code: string }> {
  const cached = join(cacheFolder, `workflows-${await sourceHash()}.js`);
  try {
    return { code: await readFile(cached, 'utf8') };
  } catch {
    const { code } = await bundleWorkflowCode({ workflowsPath: join(workflowsFolder, 'run-flow.ts'), logger: quiet });
    await keep(cacheFolder, cached, code);
    return { code };
  }
}

/** A cache that can't be written costs time at the next start, nothing else. */
async function keep(folder: string, file: string, code: string): Promise<void> {
  const partial = `${file}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(partial, code);
    await rename(partial, file);
  } catch {
    await rm(partial, { force: true });
  }
}

async function sourceHash(): Promise<string> {
  const names = (await readdir(workflowsFolder)).filter((name) => name.endsWith('.ts') && !name.includes('.test.')).sort();
  const hash = createHash('sha256').update(temporalVersion());
  for (const name of names) hash.update(name).update(await readFile(join(workflowsFolder, name)));
  return hash.digest('hex').slice(0, 16);
}

function temporalVersion(): string {
  const read: unknown = require('@temporalio/worker/package.json');
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '';
}

const silent = () => undefined;
const quiet = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
