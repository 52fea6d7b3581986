import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lockFile } from './file-lock.ts';
import { buildWithGo, downloadTemporal, executable, findGo, findOnPath } from './temporal-sources.ts';
import { messageOf, StackError } from './stack-error.ts';
import { temporalVersion } from './temporal-version.ts';

/** How the binary is found or made; handed in so that the order can be tested without the network. */
export interface TemporalSources {
  /** A `temporal` on the PATH that is new enough, else null. */
  findOnPath(): Promise<string | null>;
  /** Both leave an executable at `target` or throw a sentence. */
  download(target: string, onProgress: (text: string) => void): Promise<void>;
  buildWithGo(target: string, onProgress: (text: string) => void): Promise<void>;
}

export interface EnsureTemporalOptions {
  onProgress?: (text: string) => void;
  cacheDir?: string;
  sources?: TemporalSources;
  environment?: NodeJS.ProcessEnv;
}

/** Answers the path of a Temporal CLI: on the PATH, in the user's cache, downloaded, or built with Go, in this order. */
export async function ensureTemporalBinary({
  onProgress = () => undefined,
  environment = process.env,
  cacheDir = temporalCacheDir(environment),
  sources = realSources(environment),
}: EnsureTemporalOptions = {}): Promise<string> {
  const onPath = await sources.findOnPath();
  if (onPath) return onPath;
  const target = join(cacheDir, executable('temporal'));
  if (await isExecutable(target)) return target;
  await mkdir(cacheDir, { recursive: true }).catch((error: unknown) => {
    throw new StackError(
      `The cache folder ${cacheDir} can't be written: ${messageOf(error)}`,
      'Set XDG_CACHE_HOME to a folder that you can write.',
    );
  });
  // Two checkouts that start at once: one provides, the other waits.
  const release = await lockFile(join(cacheDir, 'lock'), () => onProgress('Another start is fetching Temporal; waiting for it'));
  try {
    if (!(await isExecutable(target))) await provide(target, sources, onProgress);
    return target;
  } finally {
    await release();
  }
}

/** What a start would use, without fetching anything. */
export async function findTemporal(environment: NodeJS.ProcessEnv = process.env): Promise<{ path: string | null; go: string | null }> {
  const cached = join(temporalCacheDir(environment), executable('temporal'));
  const path = (await findOnPath(environment)) ?? ((await isExecutable(cached)) ? cached : null);
  return { path, go: await findGo(environment) };
}

export const temporalCacheDir = (environment: NodeJS.ProcessEnv): string =>
  join(environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache'), 'holdfast', `temporal-${temporalVersion}`);

const realSources = (environment: NodeJS.ProcessEnv): TemporalSources => ({
  findOnPath: () => findOnPath(environment),
  download: (target, onProgress) => downloadTemporal({ target, onProgress, environment }),
  buildWithGo: (target, onProgress) => buildWithGo({ target, onProgress, environment }),
});

/** Made beside its place and renamed: what stands in the cache is always whole. */
async function provide(target: string, sources: TemporalSources, onProgress: (text: string) => void): Promise<void> {
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
    `Temporal ${temporalVersion} is not on this machine, and we could not get it.\n  - ${failures.join('\n  - ')}`,
    `Do one of these and start again: connect to the internet; install Go from https://go.dev/dl; put the Temporal CLI on the PATH or at ${target}; or set TEMPORAL_ADDRESS to a Temporal that you run yourself.`,
  );
}

const isExecutable = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile() && (process.platform === 'win32' || (found.mode & 0o111) !== 0),
    () => false,
  );
