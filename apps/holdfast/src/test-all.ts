import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporalBinary } from '@holdfast/stack';
import { runChecks, type Check } from './run-checks.ts';
import { checkout } from './settings.ts';
import { countTests, type Counts } from './test-counts.ts';

/** `pnpm test`: every check and every test, each streaming its output; ends with one line `N passed, N failed`. */
async function testAll(): Promise<void> {
  const counts: Counts = { passed: 0, failed: 0 };
  const troubles: string[] = [];
  // On a machine that never saw it, Temporal takes minutes to come: it does so behind the checks.
  const temporal = ensureTemporalBinary({ onProgress: (text) => console.log(`   (${text})`) }).catch(() => null);
  troubles.push(...(await runChecks(checks())));
  for (const project of ['unit', 'integration', 'alone', 'browser']) {
    // Why it is missing, if it is, the set-up of the tests will say.
    if (project !== 'unit') await temporal;
    const result = await runProject(project);
    counts.passed += result.passed;
    counts.failed += result.failed;
    if (result.trouble) troubles.push(result.trouble);
  }
  // A check that fails, or a run that breaks off, counts as one failure each.
  counts.failed += troubles.length;
  for (const trouble of troubles) console.log(`failed: ${trouble}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exit(counts.failed > 0 ? 1 : 0);
}

async function runProject(project: string): Promise<Counts & { trouble: string | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-results-'));
  const results = join(folder, 'results.json');
  try {
    const succeeded = await runs(project, [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter',
      'default',
      '--reporter',
      'json',
      '--outputFile.json',
      results,
    ]);
    const counts = countTests(readFileSync(results, { encoding: 'utf8', flag: 'a+' }));
    // Vitest also fails for what is no test: an unhandled rejection, a file that does not load, a set-up that throws.
    return { ...counts, trouble: succeeded || counts.failed > 0 ? null : `${project} (see above)` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runs(title: string, [name, ...args]: [string, ...string[]]): Promise<boolean> {
  const startedAt = performance.now();
  console.log(`\n── ${title}`);
  return new Promise((resolve) => {
    const child = spawn(name, args, { cwd: checkout, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => (console.error(error.message), resolve(false)));
    child.once('close', (code) => {
      console.log(`── ${title}: ${code === 0 ? 'ok' : 'failed'} after ${Math.round((performance.now() - startedAt) / 1000)} s`);
      resolve(code === 0);
    });
  });
}

/** What reads the sources, the longest first. Of the type-checks each takes one core: with threads of its own it would do much of its work twice. */
const checks = (): Check[] => [
  ...scriptOf('typecheck')
    .split(' && ')
    .toReversed()
    .map((command) => ({ title: command, command: `${command} --checkers 1` })),
  { title: 'lint', command: scriptOf('lint') },
  { title: 'build', command: `${scriptOf('holdfast')} build` },
  { title: 'deadcode', command: scriptOf('deadcode') },
  { title: 'format:check', command: scriptOf('format:check') },
];

/** The script's own text: no second package manager in between. */
function scriptOf(name: string): string {
  // as: the scripts of our own package.json.
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  return scripts[name] ?? `echo "no script ${name}" && false`;
}

await testAll();
