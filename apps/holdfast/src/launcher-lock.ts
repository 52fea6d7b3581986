import { join } from 'node:path';
import { isPortFree, lockFile, StackError } from '@holdfast/stack';
import { endOrphans } from './end-orphans.ts';
import { portTaken } from './port-taken.ts';
import type { Report } from './report.ts';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { publicAddress, type Settings } from './settings.ts';

/** Makes this process the only launcher of its data folder, ends what a crashed one left, and looks whether the port is free. */
export async function takeOver(settings: Settings, report: Report): Promise<() => void> {
  const { dataDir, port, host } = settings;
  const release = await lockFile(join(dataDir, 'run', 'starting.lock'));
  try {
    const other = readRunFile(dataDir, 'launcher');
    if (other)
      throw new StackError(
        `Holdfast already runs from ${dataDir}${other.url ? ` at ${other.url}` : ''} (process ${other.pid}).`,
        'Open that address, or stop it first, or use another folder: HOLDFAST_DATA_DIR=/path/to/folder',
      );
    const orphans = await endOrphans(dataDir);
    if (orphans.length > 0) report.line('Clean-up', `ended what a crashed start had left running: ${orphans.join(', ')}`);
    if (!(await isPortFree(port, host))) throw portTaken(port);
    writeRunFile(dataDir, 'launcher', { pid: process.pid, ...(port === 0 ? {} : { url: publicAddress(settings) }) });
  } finally {
    await release();
  }
  return () => removeRunFile(dataDir, 'launcher');
}
