import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand, startChild } from './child.ts';

test('a child’s output is appended to its log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-child-'));
  const logFile = join(folder, 'logs', 'child.log');
  for (const word of ['one', 'two']) await (await startChild({ file: 'sh', args: ['-c', `echo ${word}`], logFile })).exited;
  expect(readFileSync(logFile, 'utf8')).toBe('one\ntwo\n');
  rmSync(folder, { recursive: true });
});

test('a child that ignores the request to stop is killed after its grace', async () => {
  const child = await startChild({
    file: process.execPath,
    args: ['-e', "process.on('SIGTERM', () => {}); process.send('up'); setInterval(() => {}, 1000)"],
    ipc: true,
  });
  await new Promise((resolve) => child.child.once('message', resolve));
  expect(await child.stop('SIGTERM', 100)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a program that does not exist is an error, not a child', async () => {
  await expect(startChild({ file: '/no/such/program', args: [] })).rejects.toThrow('ENOENT');
});

test('a command answers its output and its exit code', async () => {
  const lines: string[] = [];
  expect(await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3'], { onLine: (line) => lines.push(line) })).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(lines.toSorted()).toEqual(['err', 'out']);
});
