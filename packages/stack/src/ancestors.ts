import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processStartedAt } from './process-identity.ts';

export interface Ancestor {
  pid: number;
  startedAt: string;
  command: string;
}

/** The processes above `pid`, nearest first. */
export function ancestorsOf(pid: number): Ancestor[] {
  const found: Ancestor[] = [];
  for (let next = parentOf(pid); next > 1 && found.length < 20; next = parentOf(next)) {
    found.push({ pid: next, startedAt: processStartedAt(next) ?? '', command: commandOf(next) });
  }
  return found;
}

const fromPs = (pid: number, column: string): string =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';

function parentOf(pid: number): number {
  if (process.platform !== 'linux') return Number(fromPs(pid, 'ppid'));
  const stat = readFromProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

const commandOf = (pid: number): string =>
  process.platform === 'linux' ? readFromProc(pid, 'cmdline').replaceAll('\0', ' ').trim() : fromPs(pid, 'command');

function readFromProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
