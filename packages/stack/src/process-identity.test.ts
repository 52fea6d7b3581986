import { expect, test } from 'vitest';
import { runCommand } from './child.ts';
import { isProcess, processStartedAt } from './process-identity.ts';

test('a process is known by its pid and its start', () => {
  const startedAt = processStartedAt(process.pid);
  expect(startedAt).not.toBeNull();
  expect(isProcess(process.pid, startedAt ?? '')).toBe(true);
  expect(isProcess(process.pid, '1')).toBe(false);
});

test('a pid that nobody has is no process', async () => {
  const { stdout } = await runCommand('sh', ['-c', 'echo $$']);
  expect(processStartedAt(Number(stdout))).toBeNull();
});
