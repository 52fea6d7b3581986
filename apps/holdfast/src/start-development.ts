import { join } from 'node:path';
import { freePort, messageOf, startChild } from '@holdfast/stack';
import { logFile } from './data-folder.ts';
import type { Report } from './report.ts';
import { checkout, type Settings } from './settings.ts';
import { keepRunning } from './stack-services.ts';
import { startApp } from './start-app.ts';
import type { Running, Supervised } from './supervise.ts';
import { watchSources } from './watch-sources.ts';

interface Development {
  settings: Settings;
  report: Report;
  env: NodeJS.ProcessEnv;
  parts: (Supervised | null)[];
}

/** Server and worker apart, each restarted when a source changes; the editor from Vite, which reloads in the browser. */
export async function startDevelopment({ settings, report, env, parts }: Development): Promise<string> {
  const { dataDir } = settings;
  const port = await freePort();
  const sources = watchReloadable(report);
  parts.push({ stop: async () => sources.stop() });
  for (const name of ['server', 'worker'] as const) {
    const start = (): Promise<Running> => sources.reload(() => startApp({ name, roles: name, dataDir, env }));
    parts.push(await keepRunning({ report, dataDir }, { file: name, title: name }, start));
    report.line(name, `runs, and restarts on change; log: ${logFile(dataDir, name)}`);
  }
  parts.push(
    await keepRunning({ report, dataDir }, { file: 'editor', title: 'editor' }, () =>
      startVite({ env: { ...env, HOLDFAST_EDITOR_PORT: String(port) }, dataDir }),
    ),
  );
  report.line('API', `http://localhost:${settings.port}`);
  return `http://localhost:${port}`;
}

/** A part whose source changed is stopped, and its supervisor starts it again. One that does not start waits for the next change. */
function watchReloadable(report: Report): { reload<T extends Running>(start: () => Promise<T>): Promise<T>; stop(): void } {
  const running = new Set<Running>();
  let changed = Promise.withResolvers<void>();
  const watcher = watchSources((path) => {
    report.line('Changed', path);
    changed.resolve();
    changed = Promise.withResolvers();
    for (const part of running) restart(part);
  });
  const reload = async <T extends Running>(start: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        const part = await start();
        running.add(part);
        void part.exited.then(() => running.delete(part));
        return part;
      } catch (error) {
        report.trouble('Source', `${messageOf(error)}; trying again after the next change`);
        await changed.promise;
      }
    }
  };
  return { reload, stop: () => watcher.stop() };
}

/** Whoever saves a file wants to see it within three seconds: what does not stop at once is killed, which loses nothing. */
function restart(part: Running): void {
  const kill = setTimeout(() => process.kill(part.pid, 'SIGKILL'), 700);
  void part.exited.then(() => clearTimeout(kill));
  void part.stop();
}

async function startVite({ env, dataDir }: { env: NodeJS.ProcessEnv; dataDir: string }): Promise<Running> {
  const editor = join(checkout, 'apps', 'editor');
  const child = await startChild({
    file: process.execPath,
    args: [join(editor, 'node_modules', 'vite', 'bin', 'vite.js'), '--strictPort'],
    cwd: editor,
    env,
    logFile: logFile(dataDir, 'editor'),
  });
  return { pid: child.pid, exited: child.exited, stop: async () => void (await child.stop('SIGTERM', 5_000)) };
}
