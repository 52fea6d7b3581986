import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, downloadBinary, executable, freePort, installWithGo, provideBinary } from '@holdfast/stack';

const version = '1.8.0';
const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'Darwin', freebsd: 'Freebsd' };

/** The Versity S3 gateway, an S3 server that is used in production, keeping its objects in a folder. Fetched or built once per user. */
const ensureS3Server = (environment: NodeJS.ProcessEnv = process.env): Promise<string> =>
  provideBinary({
    name: 'versitygw',
    label: `the S3 server for tests (versitygw ${version})`,
    cacheDir: cacheFolder(`versitygw-${version}`, environment),
    onProgress: (text) => process.stderr.write(`${text}\n`),
    otherwise: (target) => `put versitygw at ${target}`,
    sources: {
      download: (target, onProgress) => {
        const folder = `versitygw_v${version}_${platforms[process.platform] ?? process.platform}_${process.arch === 'x64' ? 'x86_64' : process.arch}`;
        const url = `https://github.com/versity/versitygw/releases/download/v${version}/${folder}.tar.gz`;
        return downloadBinary({ url, file: `${folder}/${executable('versitygw')}`, label: `versitygw ${version}`, target, onProgress });
      },
      buildWithGo: (target, onProgress) =>
        installWithGo({
          module: `github.com/versity/versitygw/cmd/versitygw@v${version}`,
          file: 'versitygw',
          label: 'the S3 server for tests',
          takes: 'about a minute',
          target,
          onProgress,
          environment,
        }),
    },
  });

export interface TestS3 {
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Where the objects lie as files: to damage one. */
  folder: string;
  close: () => Promise<void>;
}

/** A real S3 server on a free port with one empty bucket. */
export async function startS3Server(): Promise<TestS3> {
  const binary = await ensureS3Server();
  const root = await mkdtemp(join(tmpdir(), 'holdfast-s3-'));
  const [folder, attributes, port] = [join(root, 'objects'), join(root, 'attributes'), await freePort()];
  const bucket = 'holdfast-test';
  await Promise.all([mkdir(join(folder, bucket), { recursive: true }), mkdir(attributes)]);
  const keys = { accessKeyId: 'holdfast', secretAccessKey: 'a-secret-of-the-tests' };
  const server = spawn(binary, ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', attributes, folder], {
    stdio: 'ignore',
    env: { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey },
  });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, ended);
  return {
    endpoint,
    bucket,
    region: 'us-east-1',
    ...keys,
    folder,
    close: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function answers(endpoint: string, ended: Promise<void>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The S3 server ended at once.');
}
