import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from './durable-file.ts';
import { AgentEnd } from './exit-codes.ts';

export interface Identity {
  /** Of the journal in this folder on this machine: a copy of the folder elsewhere is somebody else. */
  instance: string;
  /** How often it was started. */
  boot: number;
  /** Of this start alone. */
  process: string;
  machine: string;
}

const stored = z.object({ instance: z.string(), machine: z.string(), boot: z.number().int() });

/** Who this agent is; counts its start on the disk. */
export async function openIdentity(dataDir: string): Promise<Identity> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'identity.json');
  const machine = await fingerprint(dataDir);
  const before = stored.safeParse(await readFile(path, 'utf8').then(JSON.parse, () => null)).data;
  const known = before?.machine === machine ? before : { instance: randomUUID(), machine, boot: 0 };
  const next = { ...known, boot: known.boot + 1 };
  await replaceFile(path, JSON.stringify(next));
  return { instance: next.instance, boot: next.boot, process: randomUUID(), machine: hostname() };
}

/** Tells apart machines that run the same image, clones of one disk, and copies of one folder. */
async function fingerprint(dataDir: string): Promise<string> {
  const machineId = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  const macs = Object.values(interfaces()).flatMap((each) => (each ?? []).map(({ mac }) => mac));
  const facts = [hostname(), machineId.trim(), [...new Set(macs)].sort(), await realpath(dataDir)];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Some sandboxes don't let anybody look. */
function interfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

/** One process at a time uses a folder. The lock ends with the process, however that ends. */
export async function lockFolder(dataDir: string): Promise<{ close: () => Promise<void> }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = lockPath(dataDir);
  const server = createServer((socket) => socket.destroy());
  if (!(await listen(server, path))) {
    if (await isAnswered(path)) throw new AgentEnd('journal', `Another agent uses ${dataDir}. Give this one another --data-dir.`);
    await rm(path, { force: true });
    if (!(await listen(server, path))) throw new AgentEnd('journal', `Another agent is just starting on ${dataDir}.`);
  }
  server.unref();
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A socket's name may have some 100 characters. */
function lockPath(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\holdfast-agent-${name}`;
  const inside = join(dataDir, 'lock');
  return inside.length < 100 ? inside : join(tmpdir(), `holdfast-agent-${name}`);
}

const listen = (server: Server, path: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const onError = (error: Error) => ('code' in error && error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', onError).listen(path, () => {
      server.off('error', onError);
      resolve(true);
    });
  });

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => (socket.destroy(), resolve(true))).once('error', () => resolve(false));
  });
