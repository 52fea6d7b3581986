import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isProcess } from '@holdfast/stack';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readRunFile, type RunFile } from './run-file.ts';

// The whole product as a stranger starts it: no terminal, nothing on stdin.
const parent = mkdtempSync(join(tmpdir(), 'holdfast-start-'));
const dataDir = join(parent, 'data');
const started: ChildProcess[] = [];
let port: number;
beforeAll(async () => {
  port = await freePort();
});
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const part of partNames) {
    const left = readRunFile(dataDir, part);
    if (left) process.kill(left.pid, 'SIGKILL');
  }
  rmSync(parent, { recursive: true, force: true });
});

interface Launched {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

function launch(args: string[], environment: NodeJS.ProcessEnv = {}): Launched {
  const env = { ...process.env, HOLDFAST_PORT: String(port), HOLDFAST_DATA_DIR: dataDir, NO_COLOR: '1', ...environment };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function ready(launched: Launched): Promise<void> {
  await vi.waitUntil(() => launched.output().includes('is ready') || launched.child.exitCode !== null, { timeout: 240_000 });
  expect(launched.output()).toContain(`Holdfast is ready: http://localhost:${port}`);
}

const partNames = ['app', 'temporal', 'postgres'];
const isHealthy = (): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );
/** All parts when everything answers; on a busy machine one of them may just have been started again. */
async function everyPart(): Promise<RunFile[]> {
  let found: RunFile[] = [];
  await vi.waitUntil(
    async () => {
      found = partNames.map((part) => readRunFile(dataDir, part)).filter((file) => file !== null);
      return found.length === partNames.length && (await isHealthy());
    },
    { timeout: 120_000, interval: 100 },
  );
  return found;
}

test(
  'what is killed heals by itself; a crashed launcher is cleaned up; data stays; nothing is left behind',
  { timeout: 900_000 },
  async () => {
    const first = launch(['start']);
    await ready(first);
    await everyPart();

    const key = launch(['api-key', '--name', 'test', '--role', 'viewer']);
    expect(await key.ended).toBe(0);
    const listFlows = (): Promise<number> =>
      fetch(`http://127.0.0.1:${port}/api/flows`, { headers: { authorization: `Bearer ${key.output().trim()}` } }).then(
        ({ status }) => status,
      );
    await expect.poll(listFlows).toBe(200);

    for (const [place, part] of partNames.entries()) {
      const before = (await everyPart())[place]?.pid ?? 0;
      process.kill(before, 'SIGKILL');
      await vi.waitUntil(() => (readRunFile(dataDir, part)?.pid ?? before) !== before, { timeout: 120_000 });
    }

    const same = launch(['start']);
    expect(await same.ended).toBe(1);
    expect(same.output()).toContain(`Holdfast already runs from ${dataDir} at http://localhost:${port}`);
    const orphans = await everyPart();
    first.child.kill('SIGKILL');
    await first.ended;
    const second = launch(['start']);
    await ready(second);
    expect(orphans.filter(({ pid, startedAt }) => isProcess(pid, startedAt))).toEqual([]);
    const running = await everyPart();
    await expect.poll(listFlows).toBe(200);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(running.filter(({ pid, startedAt }) => isProcess(pid, startedAt))).toEqual([]);
    expect(second.output()).toContain('Stopped');
  },
);

test('when the launcher is killed and nobody starts it again, what it started ends by itself', { timeout: 600_000 }, async () => {
  const launched = launch(['start']);
  await ready(launched);
  const left = await everyPart();
  launched.child.kill('SIGKILL');
  const alive = (): RunFile[] => left.filter(({ pid, startedAt }) => isProcess(pid, startedAt));
  await expect.poll(alive, { timeout: 120_000 }).toEqual([]);
});

test('a port that is taken is named, with a way out', async () => {
  const taken = await freePort();
  const other = createServer().listen(taken, '127.0.0.1');
  await once(other, 'listening');
  const refused = launch(['start'], { HOLDFAST_DATA_DIR: join(parent, 'other'), HOLDFAST_PORT: String(taken) });
  expect(await refused.ended).toBe(1);
  other.close();
  expect(refused.output()).toContain(`Port ${taken} is used by another program.`);
  expect(refused.output()).toContain(`HOLDFAST_PORT=${taken + 1}`);
});

test('a folder that can’t be written is named, with a way out', async () => {
  const refused = launch(['start'], { HOLDFAST_DATA_DIR: '/dev/null/holdfast' });
  expect(await refused.ended).toBe(1);
  expect(refused.output()).toMatch(/data folder \/dev\/null\/holdfast can't be written[\s\S]*HOLDFAST_DATA_DIR=/);
});

test('the doctor says what is wrong and how to put it right, and tells by its exit code', async () => {
  const environment = {
    HOLDFAST_DATA_DIR: join(parent, 'doctor'),
    DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/x',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  };
  const sick = launch(['doctor'], environment);
  expect(await sick.ended).toBe(1);
  expect(sick.output()).toMatch(
    /FAIL {2}PostgreSQL: 127\.0\.0\.1:1 does not answer[\s\S]*Check DATABASE_URL[\s\S]*FAIL {2}Temporal: 127\.0\.0\.1:1 does not answer/,
  );
  const well = launch(['doctor'], { HOLDFAST_DATA_DIR: join(parent, 'doctor') });
  expect(await well.ended).toBe(0);
});
