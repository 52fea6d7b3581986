import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ChildOptions {
  file: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Output is appended here. A file, not a pipe: a child that outlives us must not die of a broken pipe. */
  logFile?: string;
  /** Adds an IPC channel. */
  ipc?: boolean;
}

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  pid: number;
  child: ChildProcess;
  exited: Promise<ChildExit>;
  isRunning(): boolean;
  /** Asks with `signal`; after `graceMs` kills. Resolves when the process is gone. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<ChildExit>;
}

/** Starts a process in a session of its own, so that Ctrl-C reaches only us and we decide the order of stopping. */
export function startChild(options: ChildOptions): Promise<Child> {
  if (options.logFile) mkdirSync(dirname(options.logFile), { recursive: true });
  const output = options.logFile ? openSync(options.logFile, 'a', 0o600) : 'ignore';
  const child = spawn(options.file, options.args, {
    detached: true,
    stdio: options.ipc ? ['ignore', output, output, 'ipc'] : ['ignore', output, output],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  if (typeof output === 'number') closeSync(output);
  track(child);
  const exited = new Promise<ChildExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () =>
      resolve({
        pid: child.pid ?? 0,
        child,
        exited,
        isRunning: () => isRunning(child),
        stop: (signal, graceMs) => stopChild(child, exited, signal, graceMs),
      }),
    );
  });
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function stopChild(
  child: ChildProcess,
  exited: Promise<ChildExit>,
  signal: NodeJS.Signals = 'SIGTERM',
  graceMs = 10_000,
): Promise<ChildExit> {
  if (isRunning(child)) child.kill(signal);
  // The whole session: a child that was killed must not leave its own children behind.
  const timer = setTimeout(() => killGroup(child), graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

const open = new Set<ChildProcess>();

/** Whatever ends this process, short of kill -9, takes along what it started. */
function track(child: ChildProcess): void {
  if (open.size === 0) process.once('exit', killOpen);
  open.add(child);
  child.once('exit', () => {
    open.delete(child);
    if (open.size === 0) process.off('exit', killOpen);
  });
}

const killOpen = (): void => open.forEach(killGroup);

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end and answers its output; `onLine` sees each line of both streams as it comes. */
export function runCommand(
  file: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; uid?: number; gid?: number; cwd?: string; timeoutMs?: number; onLine?: (line: string) => void } = {},
): Promise<CommandResult> {
  const { onLine, timeoutMs, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...spawnOptions,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    track(child);
    const seen = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        seen[name] += text;
        for (const line of text.split('\n')) if (line.trim()) onLine?.(line.trim());
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...seen }));
  });
}
