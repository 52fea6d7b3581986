import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { runCommand, startChild, type Child, type ChildExit } from './child.ts';
import { freePort } from './free-port.ts';
import { StackError } from './stack-error.ts';

export interface TemporalOptions {
  /** From `ensureTemporalBinary`. */
  binary: string;
  /** SQLite file; absent: in memory, gone with the process. */
  dbFile?: string;
  /** 0 or absent: a free one, for each. */
  port?: number;
  /** Absent: no web UI. */
  uiPort?: number;
  namespace?: string;
  /** How long closed workflows stay readable, e.g. `72h`. */
  retention?: string;
  /** Added to ours: eager start of workflows and activities. */
  dynamicConfig?: Record<string, string | number | boolean>;
  logFile?: string;
}

export interface TemporalHandle {
  address: string;
  namespace: string;
  port: number;
  pid: number;
  uiUrl: string | null;
  exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

const eager = { 'system.enableEagerWorkflowStart': true, 'system.enableActivityEagerExecution': true };

/** Starts Temporal's dev server on 127.0.0.1; resolves when its namespace can be used. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalHandle> {
  const { binary, namespace = 'default', retention = '72h' } = options;
  if (options.dbFile) mkdirSync(dirname(options.dbFile), { recursive: true });
  const logFile = options.logFile ?? join(options.dbFile ? dirname(options.dbFile) : tmpdir(), 'temporal.log');
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const child = await startChild({
      file: binary,
      args: await serverArguments(options, namespace, port),
      env: temporalEnvironment(),
      logFile,
    });
    const address = `127.0.0.1:${port}`;
    if (await waitUntilReady(child, { binary, port, namespace })) {
      await command(binary, port, ['operator', 'namespace', 'update', '--namespace', namespace, '--retention', retention]);
      const uiUrl = options.uiPort ? `http://127.0.0.1:${options.uiPort}` : null;
      return {
        address,
        namespace,
        port,
        pid: child.pid,
        uiUrl,
        exited: child.exited,
        stop: async () => void (await child.stop('SIGTERM', 10_000)),
      };
    }
    await child.stop('SIGKILL');
    if (attempt === 4) throw new StackError('Temporal did not start.', `Its log says why: ${logFile}`);
  }
}

async function serverArguments(options: TemporalOptions, namespace: string, port: number): Promise<string[]> {
  const config = Object.entries({ ...eager, ...options.dynamicConfig }).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--log-level',
    'error',
    '--log-format',
    'json',
    '--port',
    String(port),
    '--namespace',
    namespace,
    '--http-port',
    String(await freePort()),
    '--metrics-port',
    String(await freePort()),
    ...(options.uiPort ? ['--ui-port', String(options.uiPort)] : ['--headless']),
    // WAL survives kill -9 of the process; what a power cut takes is rebuilt from the journal.
    ...(options.dbFile ? ['--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'] : []),
    ...config,
  ];
}

/** Without the user's own TEMPORAL_* settings: they may point elsewhere. */
const temporalEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));

const command = async (binary: string, port: number, args: string[]): Promise<boolean> => {
  const result = await runCommand(binary, [...args, '--address', `127.0.0.1:${port}`, '--command-timeout', '5s'], {
    env: temporalEnvironment(),
    timeoutMs: 10_000,
  });
  return result.code === 0;
};

async function waitUntilReady(
  child: Child,
  { binary, port, namespace }: { binary: string; port: number; namespace: string },
): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  let isListening = false;
  while (child.isRunning() && Date.now() < deadline) {
    isListening ||= await accepts(port);
    if (isListening && (await command(binary, port, ['operator', 'namespace', 'describe', namespace]))) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

/** Adds a namespace to a running dev server; resolves when it is there. */
export async function createNamespace({ binary, port, namespace }: { binary: string; port: number; namespace: string }): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    if (await command(binary, port, ['operator', 'namespace', 'create', '--namespace', namespace, '--retention', '24h'])) return;
    // On a busy machine it may be there although its answer came too late.
    if (await command(binary, port, ['operator', 'namespace', 'describe', namespace])) return;
  }
  throw new StackError(`Temporal did not create the namespace ${namespace}.`);
}
