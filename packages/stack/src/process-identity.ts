import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process started, as the system tells it: with the pid it names one process for ever. Null when there is none. */
export function processStartedAt(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name may hold spaces and brackets; the fields after its last ")" do not. Field 22 is the start.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 ? listed.stdout.trim() || null : null;
}

/** Whether the process that had this pid and start is still there; a pid that another program got since does not count. */
export const isProcess = (pid: number, startedAt: string): boolean => processStartedAt(pid) === startedAt;
