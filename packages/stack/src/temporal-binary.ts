import { join } from 'node:path';
import { executable, findGo } from './binary-sources.ts';
import { cacheFolder, isExecutable, provideBinary, type BinarySources } from './provide-binary.ts';
import { buildWithGo, downloadTemporal, findOnPath } from './temporal-sources.ts';
import { temporalVersion } from './temporal-version.ts';

/** How the binary is found or made; handed in so that the order can be tested without the network. */
export interface TemporalSources extends BinarySources {
  /** A `temporal` on the PATH that is new enough, else null. */
  findOnPath(): Promise<string | null>;
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
  return provideBinary({
    name: 'temporal',
    label: `Temporal ${temporalVersion}`,
    cacheDir,
    sources,
    onProgress,
    otherwise: (target) => `put the Temporal CLI on the PATH or at ${target}; or set TEMPORAL_ADDRESS to a Temporal that you run yourself`,
  });
}

/** What a start would use, without fetching anything. */
export async function findTemporal(environment: NodeJS.ProcessEnv = process.env): Promise<{ path: string | null; go: string | null }> {
  const cached = join(temporalCacheDir(environment), executable('temporal'));
  const path = (await findOnPath(environment)) ?? ((await isExecutable(cached)) ? cached : null);
  return { path, go: await findGo(environment) };
}

export const temporalCacheDir = (environment: NodeJS.ProcessEnv): string => cacheFolder(`temporal-${temporalVersion}`, environment);

const realSources = (environment: NodeJS.ProcessEnv): TemporalSources => ({
  findOnPath: () => findOnPath(environment),
  download: (target, onProgress) => downloadTemporal({ target, onProgress, environment }),
  buildWithGo: (target, onProgress) => buildWithGo({ target, onProgress, environment }),
});
