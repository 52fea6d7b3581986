import { delimiter } from 'node:path';
import { downloadBinary, executable, findExecutable, installWithGo, type Progress } from './binary-sources.ts';
import { runCommand } from './child.ts';
import { temporalVersion } from './temporal-version.ts';

/** A `temporal` on the PATH whose server is 1.29 or newer: eager workflow start and the dev server's flags are tried with that. */
export async function findOnPath(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const found = await findExecutable('temporal', (environment['PATH'] ?? '').split(delimiter));
  if (!found) return null;
  const answer = await runCommand(found, ['--version'], { timeoutMs: 10_000 }).catch(() => null);
  return answer && isNewEnough(answer.stdout) ? found : null;
}

/** Reads "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)". */
export function isNewEnough(versionText: string): boolean {
  const server = /Server (\d+)\.(\d+)/.exec(versionText);
  return server !== null && (Number(server[1]) > 1 || Number(server[2]) >= 29);
}

interface SourceOptions {
  target: string;
  onProgress: Progress;
  environment: NodeJS.ProcessEnv;
}

/** The official download. `HOLDFAST_TEMPORAL_DOWNLOAD_URL` names a mirror of it. */
export async function downloadTemporal({
  target,
  onProgress,
  environment,
  connectTimeoutMs,
}: SourceOptions & { connectTimeoutMs?: number }): Promise<void> {
  const base = environment['HOLDFAST_TEMPORAL_DOWNLOAD_URL'] || 'https://temporal.download';
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  await downloadBinary({
    url: `${base}/cli/archive/v${temporalVersion}?platform=${platform}&arch=${arch}&format=tar.gz`,
    file: executable('temporal'),
    label: `Temporal ${temporalVersion}`,
    target,
    onProgress,
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
  });
}

export const buildWithGo = (options: SourceOptions): Promise<void> =>
  installWithGo({
    ...options,
    module: `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`,
    file: 'temporal',
    label: 'Temporal',
    takes: 'about five minutes',
  });
