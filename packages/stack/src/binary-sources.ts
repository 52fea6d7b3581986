import { constants } from 'node:fs';
import { access, chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { runCommand } from './child.ts';
import { messageOf } from './stack-error.ts';

/** Tells people how far a long fetch or build has come. */
export type Progress = (text: string) => void;

export const executable = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

export async function findExecutable(name: string, folders: string[]): Promise<string | null> {
  for (const folder of folders.filter(Boolean)) {
    const file = join(folder, executable(name));
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return null;
}

/** Go where it usually is, when it is not on the PATH. */
export const findGo = (environment: NodeJS.ProcessEnv): Promise<string | null> =>
  findExecutable('go', [...(environment['PATH'] ?? '').split(delimiter), '/usr/local/go/bin', '/opt/homebrew/bin', '/usr/lib/go/bin']);

export interface Download {
  /** Of a .tar.gz. */
  url: string;
  /** The file's path in the archive. */
  file: string;
  /** For people. */
  label: string;
  target: string;
  onProgress: Progress;
  connectTimeoutMs?: number;
}

/** One executable out of a release's archive. Gives up after `connectTimeoutMs` (8 s) without an answer, or 30 s without a byte. Throws a sentence. */
export async function downloadBinary({ url, file, label, target, onProgress, connectTimeoutMs = 8_000 }: Download): Promise<void> {
  const { host } = new URL(url);
  onProgress(`Downloading ${label} from ${host}`);
  try {
    const archive = await readAll({ url, label, connectTimeoutMs, onProgress });
    const binary = fileFromTar(gunzipSync(archive), file);
    if (!binary) throw new Error(`the archive holds no file "${file}"`);
    await writeFile(target, binary);
    await chmod(target, 0o755);
  } catch (error) {
    throw new Error(`Download from ${host} failed: ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? cause.message || messageOf(error) : messageOf(error);
}

async function readAll({
  url,
  label,
  connectTimeoutMs,
  onProgress,
}: Pick<Download, 'url' | 'label' | 'onProgress'> & { connectTimeoutMs: number }): Promise<Buffer> {
  const stalled = new AbortController();
  const stall = (ms: number): NodeJS.Timeout => setTimeout(() => stalled.abort(new DOMException('no answer in time', 'TimeoutError')), ms);
  let timer = stall(connectTimeoutMs);
  // Where a company's proxy looks into TLS, only the system knows its certificate.
  setDefaultCACertificates([...getCACertificates('default'), ...getCACertificates('system')]);
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    const parts: Uint8Array[] = [];
    let received = 0;
    let told = 0;
    for await (const part of response.body) {
      clearTimeout(timer);
      timer = stall(30_000);
      parts.push(part);
      received += part.length;
      const share = total ? Math.floor((received / total) * 10) : 0;
      if (share > told) onProgress(`Downloading ${label}: ${share * 10} % of ${Math.round(total / 1e6)} MB`);
      told = Math.max(told, share);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}

/** One file of an uncompressed tar (512-byte headers: name at 0, octal size at 124). */
export function fileFromTar(tar: Buffer, name: string): Buffer | null {
  for (let offset = 0; offset + 512 <= tar.length;) {
    const entry = tar.toString('utf8', offset, offset + 100).replace(/\0.*$/s, '');
    if (!entry) return null;
    const size = Number.parseInt(tar.toString('latin1', offset + 124, offset + 136), 8) || 0;
    if (entry === name || entry === `./${name}`) return tar.subarray(offset + 512, offset + 512 + size);
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  return null;
}

export interface GoInstall {
  /** With its version. */
  module: string;
  /** What `go install` names the executable. */
  file: string;
  label: string;
  /** For people: how long it takes. */
  takes: string;
  target: string;
  onProgress: Progress;
  environment: NodeJS.ProcessEnv;
}

/** Builds from source with `go install`. Throws a sentence. */
export async function installWithGo({ module, file, label, takes, target, onProgress, environment }: GoInstall): Promise<void> {
  const go = await findGo(environment);
  if (!go) throw new Error('Building it needs Go, which is neither on the PATH nor in /usr/local/go/bin.');
  onProgress(`Building ${label} with Go: ${takes}, once for all checkouts on this machine`);
  const output = await mkdtemp(join(dirname(target), 'build-'));
  const startedAt = Date.now();
  const ticker = setInterval(() => onProgress(`Building ${label} with Go: ${Math.round((Date.now() - startedAt) / 1000)} s`), 30_000);
  try {
    const env = {
      ...environment,
      GOBIN: output,
      GOFLAGS: '-trimpath',
      CGO_ENABLED: '0',
      GOPATH: environment['GOPATH'] || join(environment['HOME'] || tmpdir(), 'go'),
    };
    const result = await runCommand(go, ['install', module], { env });
    if (result.code !== 0)
      throw new Error(`Building it with Go failed: ${result.stderr.trim().split('\n').slice(-2).join(' ') || `exit code ${result.code}`}`);
    await rename(join(output, executable(file)), target);
  } finally {
    clearInterval(ticker);
    await rm(output, { recursive: true, force: true });
  }
}
