import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '@holdfast/stack';
import { expect, test } from 'vitest';

async function run(body: string): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-watchdog-'));
  const file = join(folder, 'main.mjs');
  writeFileSync(file, `import { startWatchdog } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))};\n${body}`);
  return runCommand(process.execPath, [file], { timeoutMs: 30_000 }).finally(() => rmSync(folder, { recursive: true }));
}

test('a process whose event loop stands still is killed, and says so', async () => {
  const result = await run('startWatchdog(500); setTimeout(() => { for (;;); }, 50);');
  expect(result.code).toBeNull();
  expect(result.stderr).toContain('event loop stood still');
});

test('a busy but living process is left alone', async () => {
  const spinning =
    'const spin = () => { const until = Date.now() + 100; while (Date.now() < until); if (Date.now() < end) setTimeout(spin); else console.log("done"); };';
  expect(await run(`startWatchdog(2000); const end = Date.now() + 2500; ${spinning} spin();`)).toMatchObject({ code: 0, stdout: 'done\n' });
});
