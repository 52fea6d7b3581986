import { globSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './settings.ts';

/** Where code of the server and the worker lives. */
const folders = ['apps/{server,worker,demo-service,holdfast}/src', 'packages/*/{src,migrations}', 'nodes', 'workflows', 'templates'];

/**
 * Calls `onChange` when one of our sources was written, once for a burst of writes. Not `node --watch`: that one follows
 * every file of every dependency, and restarts when another checkout's installer merely links one.
 */
export function watchSources(onChange: (path: string) => void): { stop(): void } {
  let since = Date.now();
  let pending: NodeJS.Timeout | undefined;
  const look = (folder: string) => (_: string, name: string | null) => {
    if (!name || !/\.(ts|json|sql)$/.test(name) || /\.test\.ts$|(^|\/)node_modules\//.test(name)) return;
    const changedAt = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt !== undefined && changedAt < since) return;
    clearTimeout(pending);
    pending = setTimeout(() => {
      since = Date.now();
      onChange(name);
    }, 150);
  };
  const watchers = globSync(folders, { cwd: checkout })
    .map((folder) => join(checkout, folder))
    .map((folder) => watch(folder, { recursive: true }, look(folder)).on('error', () => undefined));
  return {
    stop: () => {
      clearTimeout(pending);
      for (const watcher of watchers) watcher.close();
    },
  };
}
