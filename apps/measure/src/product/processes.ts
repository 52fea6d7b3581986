import { readdir, readFile } from 'node:fs/promises';

/** What /proc knows of one process. Linux only, like every figure of `bench` and `soak`. */
export interface ProcessFacts {
  pid: number;
  parent: number;
  command: string;
  /** User and system time since it started. */
  cpuMs: number;
  /** Its share of the memory it uses: what several processes share is divided among them. */
  memoryBytes: number;
}

// The kernel counts in USER_HZ, which is 100 on every Linux that Node runs on (man 5 proc).
const tickMs = 10;

async function readProcess(pid: number): Promise<ProcessFacts | null> {
  try {
    const [stat, command, memory] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''), // kernel threads have none
    ]);
    // The name stands in parentheses and may hold spaces; fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      pid,
      parent: Number(fields[1]),
      command: command.replaceAll('\0', ' ').trim(),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
      memoryBytes: Number(/^Pss:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) * 1_024,
    };
  } catch {
    return null; // It ended between the listing and the reading.
  }
}

export async function listProcesses(): Promise<ProcessFacts[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(readProcess))).filter((found) => found !== null);
}

/** A process and all that descend from it, itself first. */
export function family(all: readonly ProcessFacts[], root: number): ProcessFacts[] {
  const found = all.filter((one) => one.pid === root);
  for (const one of found) found.push(...all.filter((other) => other.parent === one.pid));
  return found;
}
