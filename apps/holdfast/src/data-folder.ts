import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, StackError } from '@holdfast/stack';

export const logFile = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** Makes the folder and its parts; throws a sentence when it can't be written. */
export function openDataFolder(dataDir: string): void {
  const probe = join(dataDir, `.writable-${process.pid}`);
  try {
    // As root, PostgreSQL's own account must pass through; nobody else may look into it.
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    mkdirSync(join(dataDir, 'run'), { recursive: true, mode: 0o700 });
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StackError(
      `The data folder ${dataDir} can't be written: ${messageOf(error)}`,
      'Give yourself the right to write there, or choose another folder: HOLDFAST_DATA_DIR=/path/to/folder',
    );
  }
}
