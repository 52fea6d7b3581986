import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '@holdfast/stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { endOrphans } from './end-orphans.ts';
import { readRunFile, writeRunFile } from './run-file.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdfast-orphans-'));
  openDataFolder(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('ends what a crashed launcher left, the stubborn included', async () => {
  const app = await startChild({
    file: process.execPath,
    args: ['-e', "process.on('SIGTERM', () => {}); process.send('up'); setInterval(() => {}, 1000)"],
    ipc: true,
  });
  await new Promise((resolve) => app.child.once('message', resolve));
  writeRunFile(dataDir, 'app', { pid: app.pid });
  expect(await endOrphans(dataDir, { graceMs: 100 })).toEqual(['app']);
  expect((await app.exited).signal).toBe('SIGKILL');
  expect(readRunFile(dataDir, 'app')).toBeNull();
});

test('leaves the note of whoever ends the others: a successor must be able to wait for it', async () => {
  writeRunFile(dataDir, 'app', { pid: process.pid });
  expect(await endOrphans(dataDir, { except: process.pid })).toEqual([]);
  expect(readRunFile(dataDir, 'app')?.pid).toBe(process.pid);
});

test('spares a process that only has the same number', async () => {
  writeFileSync(join(dataDir, 'run', 'postgres.json'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
  expect(await endOrphans(dataDir)).toEqual([]);
});

test('a torn file is no orphan', async () => {
  writeFileSync(join(dataDir, 'run', 'temporal.json'), '{"pid":');
  expect(await endOrphans(dataDir)).toEqual([]);
});
