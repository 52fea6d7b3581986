import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { checkout } from './settings.ts';

export interface Check {
  title: string;
  /** As one types it. */
  command: string;
}

/** So many at once: most keep one core busy, and a type-check takes up to a gigabyte. */
const atOnce = 2;

/** Runs checks that don't depend on one another, the first ones first; what each says is told when it ends. Resolves to the titles of those that failed. */
export async function runChecks(checks: readonly Check[]): Promise<string[]> {
  const left = [...checks];
  const failed: string[] = [];
  const takeNext = async (): Promise<void> => {
    for (let check = left.shift(); check; check = left.shift()) if (!(await passes(check))) failed.push(check.title);
  };
  await Promise.all(Array.from({ length: atOnce }, takeNext));
  return failed;
}

async function passes({ title, command }: Check): Promise<boolean> {
  const startedAt = performance.now();
  // Both streams as one, in the order in which they were written.
  const child = spawn('sh', ['-c', `{ ${command}; } 2>&1`], { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`\n${said.trimEnd()}\n── ${title}: ${code === 0 ? 'ok' : 'failed'} after ${seconds} s`);
  return code === 0;
}
