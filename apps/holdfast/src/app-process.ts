import { startDemoService } from '@holdfast/demo-service';
import { createPool, migrate } from '@holdfast/db';
import { cacheFolder, messageOf } from '@holdfast/stack';
import type { StartWorkerOptions } from '@holdfast/worker';
import { endOrphans } from './end-orphans.ts';
import { joinWorker } from './join-worker.ts';
import { readRunFile } from './run-file.ts';
import { checkout, readSettings } from './settings.ts';
import { startWatchdog } from './watchdog.ts';
import { startWorkerBeat } from './worker-beat.ts';

/** What the launcher hears from an app process over IPC. */
export type AppMessage = { ready: string } | { failed: string; takenPort?: number };

interface Part {
  stop(): Promise<void>;
}

const roles = new Set((process.argv[2] ?? 'server,worker').split(','));
const parts: Part[] = [];
let isStopping = false;

async function main(): Promise<void> {
  const settings = readSettings();
  const { databaseUrl, temporalAddress } = settings;
  if (!databaseUrl || !temporalAddress)
    throw new Error('This process needs DATABASE_URL and TEMPORAL_ADDRESS; `npx -y pnpm@12 start` sets them for the embedded stack.');
  await migrateDatabase(databaseUrl);
  const common = { databaseUrl, temporalAddress, temporalNamespace: settings.temporalNamespace, dataDir: settings.dataDir };
  const cacheDir = cacheFolder('workflows', process.env);
  if (!roles.has('server')) return runWorkerAlone({ ...common, cacheDir });
  const demoPort = Number(process.env['HOLDFAST_DEMO_PORT'] ?? 0);
  const demo = demoPort > 0 ? await keep(startDemoService({ port: demoPort })) : null;
  const side = roles.has('worker') ? await import('@holdfast/worker') : null;
  const execution = side && (await keep(Promise.resolve(side.startExecution({ ...common, kind: 'app' }))));
  const worker = side && execution ? joinWorker(side.startWorker, { ...common, cacheDir, execution }) : null;
  // A worker that can't be made at all is the supervisor's matter: a fresh process is the cure.
  worker?.joined.catch(fail);
  if (worker) parts.push(worker);
  const { startServer } = await import('@holdfast/server');
  const server = await keep(
    startServer({
      ...common,
      port: settings.port,
      host: settings.host,
      editorDir: `${checkout}/apps/editor/dist`,
      ...(demo ? { demoUrl: demo.url } : {}),
      ...(worker && execution ? { temporal: worker.temporal, eager: worker.eager, execution } : {}),
    }),
  );
  if (worker) await Promise.race([worker.joined, new Promise((done) => setTimeout(done, 15_000))]);
  tell({ ready: server.url });
}

async function runWorkerAlone(options: StartWorkerOptions): Promise<void> {
  const { startWorker } = await import('@holdfast/worker');
  await keep(startWorker(options));
  // The launcher sees whether a process lives; a container is asked.
  if (!process.connected) startWorkerBeat();
  tell({ ready: 'worker' });
}

async function keep<T extends Part>(starting: Promise<T>): Promise<T> {
  const part = await starting;
  parts.push(part);
  return part;
}

/** Several processes may do this at once: each file is applied under one lock. */
async function migrateDatabase(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1, name: 'holdfast-migrate' });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}

function tell(message: AppMessage): void {
  if (process.connected) process.send?.(message);
}

/** First the server, so that nothing new comes in; then the worker, which lets steps in flight end. */
async function stopParts(): Promise<void> {
  isStopping = true;
  for (const part of parts.toReversed()) await part.stop().catch((error: unknown) => console.error(error));
}

async function stop(): Promise<void> {
  if (isStopping) return;
  setTimeout(() => process.exit(1), 9_000).unref();
  await stopParts();
  process.exit(0);
}

/** The launcher was killed, and nothing would heal any more: end everything it started, unless its successor already does. */
async function buryStack(): Promise<void> {
  const { dataDir } = readSettings();
  if (isStopping || readRunFile(dataDir, 'launcher')) return;
  console.error('The launcher is gone. Stopping what it started.');
  // What does not end in peace within 20 s is ended all the same: nobody else is left to do it.
  setTimeout(() => void endOrphans(dataDir, { graceMs: 0, except: process.pid }).finally(() => process.exit(1)), 20_000).unref();
  await stopParts();
  await endOrphans(dataDir, { except: process.pid });
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => setTimeout(() => void buryStack(), 3_000));
startWatchdog();
main().catch(fail);

function fail(error: unknown): void {
  console.error(error);
  tell({ failed: messageOf(error), ...takenPortOf(error) });
  setTimeout(() => process.exit(1), 200);
}

/** The launcher looked, but that was before the databases started: meanwhile somebody may have come. */
const takenPortOf = (error: unknown): { takenPort?: number } =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error ? { takenPort: Number(error.port) } : {};
