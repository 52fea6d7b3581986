import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { executable, type Progress } from './binary-sources.ts';
import { lockFile } from './file-lock.ts';
import { messageOf, StackError } from './stack-error.ts';

export interface BinarySources {
  /** Both leave an executable at `target` or throw a sentence. */
  download(target: string, onProgress: Progress): Promise<void>;
  buildWithGo(target: string, onProgress: Progress): Promise<void>;
}

export interface ProvideOptions {
  name: string;
  /** For people, with the version. */
  label: string;
  cacheDir: string;
  sources: BinarySources;
  onProgress: Progress;
  /** What people can do when both sources fail, besides connecting to the internet and installing Go. */
  otherwise: (target: string) => string;
}

/** A program that npm does not bring: from the user's cache folder, else downloaded, else built with Go. Answers its path. Throws StackError. */
export async function provideBinary(options: ProvideOptions): Promise<string> {
  const { name, label, cacheDir, onProgress } = options;
  const target = join(cacheDir, executable(name));
  if (await isExecutable(target)) return target;
  await mkdir(cacheDir, { recursive: true }).catch((error: unknown) => {
    throw new StackError(
      `The cache folder ${cacheDir} can't be written: ${messageOf(error)}`,
      'Set XDG_CACHE_HOME to a folder that you can write.',
    );
  });
  // Two checkouts that start at once: one provides, the other waits.
  const release = await lockFile(join(cacheDir, 'lock'), () => onProgress(`Another start is fetching ${label}; waiting for it`));
  try {
    if (!(await isExecutable(target))) await fetchInto(target, options);
    return target;
  } finally {
    await release();
  }
}

/** Made beside its place and renamed: what stands in the cache is always whole. */
async function fetchInto(target: string, { label, sources, onProgress, otherwise }: ProvideOptions): Promise<void> {
  const partial = `${target}.${process.pid}.partial`;
  const failures: string[] = [];
  try {
    for (const source of ['download', 'buildWithGo'] as const) {
      try {
        await sources[source](partial, onProgress);
        await rename(partial, target);
        return;
      } catch (error) {
        failures.push(messageOf(error));
        onProgress(messageOf(error));
      }
    }
  } finally {
    await rm(partial, { force: true });
  }
  throw new StackError(
    `${label} is not on this machine, and we could not get it.\n  - ${failures.join('\n  - ')}`,
    `Do one of these and start again: connect to the internet; install Go from https://go.dev/dl; ${otherwise(target)}.`,
  );
}

/** The user's cache folder, shared by all checkouts. */
export const cacheFolder = (name: string, environment: NodeJS.ProcessEnv): string =>
  join(environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache'), 'holdfast', name);

export const isExecutable = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile() && (process.platform === 'win32' || (found.mode & 0o111) !== 0),
    () => false,
  );
