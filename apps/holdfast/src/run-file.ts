import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcess, processStartedAt } from '@holdfast/stack';

/** What runs for a data folder, in `<dataDir>/run/<name>.json`. The start time tells the process from a later one with its pid. */
export interface RunFile {
  pid: number;
  startedAt: string;
  /** Where it answers, when it does. */
  port?: number;
  url?: string;
}

const path = (dataDir: string, name: string): string => join(dataDir, 'run', `${name}.json`);

export function writeRunFile(dataDir: string, name: string, facts: { pid: number; port?: number; url?: string }): void {
  const target = path(dataDir, name);
  writeFileSync(`${target}.new`, `${JSON.stringify({ ...facts, startedAt: processStartedAt(facts.pid) ?? '' })}\n`, { mode: 0o600 });
  renameSync(`${target}.new`, target);
}

export const removeRunFile = (dataDir: string, name: string): void => rmSync(path(dataDir, name), { force: true });

/** The file when its process is still that process, else null. */
export function readRunFile(dataDir: string, name: string): RunFile | null {
  try {
    // as: our own file, written by writeRunFile; a torn one fails to parse.
    const file = JSON.parse(readFileSync(path(dataDir, name), 'utf8')) as RunFile;
    return isProcess(file.pid, file.startedAt) ? file : null;
  } catch {
    return null;
  }
}
