import { join } from 'node:path';
import { freePort, startChild } from '@holdfast/stack';
import { logFile } from './data-folder.ts';
import type { Report } from './report.ts';
import { checkout, type Settings } from './settings.ts';
import { keepRunning } from './stack-services.ts';
import { startApp } from './start-app.ts';
import type { Running, Supervised } from './supervise.ts';

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
  for (const name of ['server', 'worker'] as const) {
    parts.push(
      await keepRunning({ report, dataDir }, { file: name, title: name }, () => startApp({ name, roles: name, dataDir, env, watch: true })),
    );
    report.line(name, `runs and restarts on change; log: ${logFile(dataDir, name)}`);
  }
  parts.push(
    await keepRunning({ report, dataDir }, { file: 'editor', title: 'editor' }, () =>
      startVite({ env: { ...env, HOLDFAST_EDITOR_PORT: String(port) }, dataDir }),
    ),
  );
  report.line('API', `http://localhost:${settings.port}`);
  return `http://localhost:${port}`;
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
