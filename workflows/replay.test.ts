import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { shapes } from './test/shapes.ts';

const folder = join(import.meta.dirname, 'histories');
const quiet = new DefaultLogger('ERROR', () => undefined);

let histories: { name: string; history: ReturnType<typeof historyFromJSON> }[];
beforeAll(async () => {
  Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'OFF' } } });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  histories = await Promise.all(
    names.map(async (name) => ({
      name: name.replace('.json', ''),
      history: historyFromJSON(JSON.parse(await readFile(join(folder, name), 'utf8'))),
    })),
  );
});

/** The workflow's code with a change made to its text, bundled as a worker would. */
async function bundleOf(change: (code: string) => string = (code) => code): Promise<WorkflowBundle> {
  // Inside the package, so that its imports are found, and not in node_modules, which the bundler does not translate.
  const copy = await mkdtemp(join(import.meta.dirname, '.replay-'));
  try {
    await cp(join(import.meta.dirname, 'types.ts'), join(copy, 'types.ts'));
    await writeFile(join(copy, 'run-flow.ts'), change(await readFile(join(import.meta.dirname, 'run-flow.ts'), 'utf8')));
    return await bundleWorkflowCode({ workflowsPath: join(copy, 'run-flow.ts'), logger: quiet });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Names of the histories that this code would not have written. */
async function broken(workflowBundle: WorkflowBundle): Promise<string[]> {
  const found: string[] = [];
  const all = histories.map(({ name, history }) => ({ workflowId: `run_${name}.1`, history }));
  for await (const result of Worker.runReplayHistories({ workflowBundle }, all)) if (result.error) found.push(result.workflowId);
  return found.sort();
}

const changed = (from: string, to: string) => (code: string) => {
  if (!code.includes(from)) throw new Error(`The workflow has no "${from}" any more: seed another change here.`);
  return code.replace(from, to);
};

describe('the workflow’s code', () => {
  test('has a recorded history of every way it can take', () => {
    expect(histories.map(({ name }) => name).sort()).toEqual(Object.keys(shapes).sort());
  });

  test('would write every recorded history again', async () => {
    expect(await broken(await bundleOf())).toEqual([]);
  }, 60_000);

  test('is caught when a change would break every run under way', async () => {
    const slower = await bundleOf(
      changed('const result: StretchResult = await stretch(', "await sleep('1s');\n    const result: StretchResult = await stretch("),
    );
    expect(await broken(slower)).toHaveLength(histories.length);
  }, 60_000);

  test('is caught when a change would break only the runs that retry', async () => {
    const impatient = await bundleOf(changed('if (effect.startInMs > 0) await sleep(effect.startInMs);', ''));
    expect(await broken(impatient)).toEqual(expect.arrayContaining(['run_override-of-a-waiting-retry.1', 'run_retry.1']));
  }, 60_000);

  test('writes nothing into a history but ids, delays and states', () => {
    const texts = histories
      .flatMap(({ history }) => JSON.stringify(history).match(/"data":"[^"]*"/g) ?? [])
      .map((data) => Buffer.from(data.slice(8, -1), 'base64').toString());
    const words = texts.flatMap((text) => [...text.matchAll(/"([a-zA-Z]+)":/g)].map((found) => found[1] ?? ''));
    const known = [
      'runId',
      'epoch',
      'owner',
      'inFlight',
      'stepId',
      'status',
      'effects',
      'wakeInMs',
      'startInMs',
      'maximumAttempts',
      'initialIntervalMs',
      'backoff',
      'maximumIntervalMs',
      'timeoutMs',
      'seq',
      'attempt',
      'seconds',
      'nanos',
    ];
    expect([...new Set(words)].filter((word) => !known.includes(word))).toEqual([]);
    expect(words.length).toBeGreaterThan(0);
  });
});
