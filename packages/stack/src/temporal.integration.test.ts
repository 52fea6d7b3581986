import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from './child.ts';
import { startTemporal } from './temporal.ts';
import { ensureTemporalBinary } from './temporal-binary.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-temporal-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what Temporal knew survives kill -9, on the same address', async () => {
  const binary = await ensureTemporalBinary();
  const dbFile = join(folder, 'temporal.db');
  const first = await startTemporal({ binary, dbFile });
  const ask = (...args: string[]) => runCommand(binary, [...args, '--address', first.address, '--output', 'json']);
  expect(await ask('workflow', 'start', '--type', 'any', '--task-queue', 'nobody', '--workflow-id', 'kept')).toMatchObject({ code: 0 });
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startTemporal({ binary, dbFile, port: first.port });
  expect(second.address).toBe(first.address);
  expect(await ask('workflow', 'describe', '--workflow-id', 'kept')).toMatchObject({ code: 0, stdout: expect.stringContaining('RUNNING') });
  expect((await ask('operator', 'namespace', 'describe', 'default')).stdout).toContain('259200s');
  await second.stop();
});
