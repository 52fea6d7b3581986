import { join } from 'node:path';
import { ensureTemporalBinary, startPostgres, startTemporal } from '@holdfast/stack';
import { logFile } from './data-folder.ts';
import { type Report, seconds } from './report.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import type { Settings } from './settings.ts';
import { supervise, type Running, type Supervised } from './supervise.ts';

/** Keeps one part running and tells about it: first calmly, then when it died and when it is back. */
export async function keepRunning<T extends Running & { port?: number; url?: string }>(
  context: { report: Report; dataDir: string },
  name: { file: string; title: string },
  start: () => Promise<T>,
): Promise<Supervised> {
  let starts = 0;
  const supervised = await supervise({
    start,
    onUp: (running) => {
      writeRunFile(context.dataDir, name.file, { pid: running.pid, ...(running.port === undefined ? {} : { port: running.port }) });
      if (starts++) context.report.line(name.title, 'is back');
    },
    onDown: (reason, delayMs) => context.report.trouble(name.title, `${reason}; starting it again in ${(delayMs / 1000).toFixed(1)} s`),
  });
  return {
    stop: async () => {
      await supervised.stop();
      removeRunFile(context.dataDir, name.file);
    },
  };
}

/** PostgreSQL on a port that stays the same while this launcher lives: the others keep their address. */
export async function runPostgres(settings: Settings, report: Report): Promise<{ url: string; part: Supervised | null }> {
  if (settings.databaseUrl) {
    report.line('PostgreSQL', `yours at ${new URL(settings.databaseUrl).host}`);
    return { url: settings.databaseUrl, part: null };
  }
  const since = performance.now();
  let port = 0;
  let url = '';
  const part = await keepRunning({ report, dataDir: settings.dataDir }, { file: 'postgres', title: 'PostgreSQL' }, async () => {
    const running = await startPostgres({ dataDir: settings.dataDir, port, logFile: logFile(settings.dataDir, 'postgres') });
    ({ port, url } = running);
    return running;
  });
  report.line('PostgreSQL', `ready in ${seconds(since)}`);
  return { url, part };
}

export async function runTemporal(settings: Settings, report: Report): Promise<{ address: string; part: Supervised | null }> {
  if (settings.temporalAddress) {
    report.line('Temporal', `yours at ${settings.temporalAddress}`);
    return { address: settings.temporalAddress, part: null };
  }
  const binary = await ensureTemporalBinary({ onProgress: (text) => report.line('Temporal', text) });
  const since = performance.now();
  let port = 0;
  const dbFile = join(settings.dataDir, 'temporal', 'temporal.db');
  const part = await keepRunning({ report, dataDir: settings.dataDir }, { file: 'temporal', title: 'Temporal' }, async () => {
    const running = await startTemporal({
      binary,
      dbFile,
      port,
      namespace: settings.temporalNamespace,
      logFile: logFile(settings.dataDir, 'temporal'),
    });
    port = running.port;
    return running;
  });
  report.line('Temporal', `ready in ${seconds(since)}`);
  return { address: `127.0.0.1:${port}`, part };
}
