import { join } from 'node:path';
import { buildEditor } from './build-editor.ts';
import { openDataFolder } from './data-folder.ts';
import { demoPort } from './demo-port.ts';
import { takeOver } from './launcher-lock.ts';
import { createReport, seconds, type Report } from './report.ts';
import { rotateLogs } from './rotate-logs.ts';
import { publicAddress, readSettings, type Settings } from './settings.ts';
import { keepRunning, runPostgres, runTemporal } from './stack-services.ts';
import { startApp } from './start-app.ts';
import { startDevelopment } from './start-development.ts';
import { stopSignal } from './stop-signal.ts';
import type { Supervised } from './supervise.ts';

/** `pnpm start` and `pnpm dev`: everything, until a signal says stop. Leaves no process behind. */
export async function start({ dev = false }: { dev?: boolean } = {}): Promise<void> {
  const report = createReport();
  const settings = readSettings();
  const since = performance.now();
  report.title('Holdfast');
  openDataFolder(settings.dataDir);
  const stop = stopSignal();
  const letGo = await takeOver(settings, report);
  const parts: (Supervised | null)[] = [];
  try {
    const starting = bringUp({ settings, report, dev, parts });
    const outcome = await Promise.race([starting.then((address) => ({ address })), stop.requested]);
    if (outcome !== 'stop') {
      report.ready([
        `Holdfast is ready: ${outcome.address}   (after ${seconds(since)})`,
        `Stop it with Ctrl-C. Data and logs: ${settings.dataDir}`,
      ]);
      const rotation = setInterval(() => rotateLogs(join(settings.dataDir, 'logs')), 30_000);
      await stop.requested;
      clearInterval(rotation);
    }
    report.line('Stopping', 'one moment');
  } finally {
    // Last started, first stopped: the app lets its steps end while its services still answer.
    for (const part of parts.toReversed()) await part?.stop();
    letGo();
  }
  report.line('Stopped', 'everything is saved; the next start continues here');
}

interface BringUp {
  settings: Settings;
  report: Report;
  dev: boolean;
  /** Filled as things start, so that an interrupted start can stop them. */
  parts: (Supervised | null)[];
}

async function bringUp({ settings, report, dev, parts }: BringUp): Promise<string> {
  const keep = async <T extends { part: Supervised | null }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    parts.push(started.part);
    return started;
  };
  const [postgres, temporal] = await Promise.all([
    keep(runPostgres(settings, report)),
    keep(runTemporal(settings, report)),
    dev ? undefined : buildEditor((text) => report.line('Editor', text)),
  ]);
  const demo = await demoPort(settings);
  const env = {
    ...process.env,
    // Certificates that the machine trusts are trusted: where a company's proxy looks into TLS, nothing else would work.
    NODE_USE_SYSTEM_CA: process.env['NODE_USE_SYSTEM_CA'] ?? '1',
    HOLDFAST_DEMO_PORT: String(demo),
    // The one private address that flows may reach unasked, and exactly that one.
    HOLDFAST_EGRESS_ALLOW: [process.env['HOLDFAST_EGRESS_ALLOW'], `127.0.0.1:${demo}`].filter(Boolean).join(','),
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    HOLDFAST_PORT: String(settings.port),
    HOLDFAST_HOST: settings.host,
    HOLDFAST_DATA_DIR: settings.dataDir,
  };
  if (dev) return startDevelopment({ settings, report, env, parts });
  const since = performance.now();
  parts.push(
    await keepRunning({ report, dataDir: settings.dataDir }, { file: 'app', title: 'App' }, () =>
      startApp({ name: 'app', roles: 'server,worker', dataDir: settings.dataDir, env }),
    ),
  );
  report.line('App', `ready in ${seconds(since)}`);
  return publicAddress(settings);
}
