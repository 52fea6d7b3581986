import { insertRun, newId, type NewRun } from '@holdfast/db';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import type { ExecutionDeps } from '@holdfast/runs';
import type { FlowFile } from '@holdfast/runs/test-world';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { callingSteps, differences, luckyReply, recordedRuns, sampleFlows, standingOf, startedEntry } from '@holdfast/test-kit/flows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lanes, testApp, until, type Lane, type TestApp } from './test/test-app.ts';

// HOLDFAST_RANDOM_SEED and HOLDFAST_RANDOM_FLOWS look further, for example 7 and 400.
const seed = Number(process.env['HOLDFAST_RANDOM_SEED'] ?? 20_261_123);
const count = Number(process.env['HOLDFAST_RANDOM_FLOWS'] ?? 40);

let shop: HttpService;
const apps = new Map<Lane, TestApp>();
beforeAll(async () => {
  shop = await startHttpService();
  for (const lane of lanes) apps.set(lane, await testApp({ lane, alter: namingSteps }));
});
afterAll(async () => {
  for (const app of apps.values()) await app.close();
  await shop.close();
});

/** The service learns which step calls, so that it can treat the same step alike in both lanes. */
function namingSteps(deps: ExecutionDeps): ExecutionDeps {
  const call = runners['api-call'];
  if (!call) throw new Error('There is no runner for "api-call".');
  return {
    ...deps,
    runners: {
      ...deps.runners,
      'api-call': {
        ...call,
        run: ({ config, context }) =>
          call.run({ config: { ...config, headers: { ...Object(config['headers']), 'x-step': context.step.id } }, context }),
      },
    },
  };
}

/** The service says 429 by chance and not for being called too often: nothing is to be learnt from it. */
async function allowAnyPace({ world }: TestApp): Promise<void> {
  const key = `http:${new URL(shop.url).host}`;
  await world.pool.query(`insert into providers (workspace_id, key, kind, name, limits) values ($1, $2, 'http', $2, '[]')`, [
    world.workspaceId,
    key,
  ]);
}

/** The same flow under the same run id in one of the lanes, so that all its steps have the same ids there. */
async function begin({ world }: TestApp, lane: Lane, { id, file, isOdd }: Drawn): Promise<void> {
  const { flowId, versionId } = await world.publishFile({ ...file, settings: { ...file.settings, lane } });
  const input = { method: 'POST', headers: {}, query: {}, body: { seed, isOdd } };
  const source: NewRun['source'] = 'webhook';
  const run = {
    id,
    workspaceId: world.workspaceId,
    flowId,
    versionId,
    triggerNodeId: 'n0',
    source,
    conversationId: null,
    contactId: null,
    input,
  };
  const started = startedEntry({ id, node: 'n0', port: 'received', input });
  const { express, bell } = world.deps;
  if (lane === 'temporal') {
    await insertRun(world.pool, run, started, { lane: 'handover' });
    return bell.run(id, true);
  }
  const owner = express?.enter(id) ? express.process : null;
  const inserted = await insertRun(world.pool, run, started, owner === null ? { lane: 'queued' } : { lane: 'express', owner });
  if (inserted.state === 'written' && inserted.claimed) express?.begin(inserted.claimed);
  else bell.queued();
}

interface Drawn {
  id: string;
  file: FlowFile;
  isOdd: string;
}

const drawn = (hasCycles: boolean, share: number): FlowFile[] =>
  sampleFlows({ maxSteps: 24, maxNodes: 9, hasCycles, drawn: callingSteps(catalog, shop.url) }, { count: Math.ceil(count * share), seed });

const drawFlows = (): Drawn[] =>
  [...drawn(false, 0.7), ...drawn(true, 0.3)].map((file, index) => ({
    id: newId('run'),
    isOdd: index % 2 === 1 ? 'yes' : 'no',
    file: {
      ...file,
      name: `Random flow ${index} of seed ${seed}`,
      nodes: file.nodes.map((node) => (node.id === 'n0' ? { ...node, config: { path: `random-${index}` } } : node)),
    },
  }));

test('any flow leaves the same journal in both lanes, whatever its calls meet', { timeout: 600_000 }, async () => {
  const all = drawFlows();
  const journals = new Map<Lane, Awaited<ReturnType<typeof recordedRuns>>>();
  for (const [lane, app] of apps) {
    const reply = luckyReply(seed);
    for (const path of ['/get', '/post', '/keyed']) shop.on(path, reply);
    await allowAnyPace(app);
    for (const flow of all) await begin(app, lane, flow);
    const stillOpen = async () =>
      (await recordedRuns(app.world.pool)).filter(({ file, entries }) => standingOf(catalog, file, entries) === 'open').map(({ id }) => id);
    await until(stillOpen, (open) => open.length === 0, { timeoutMs: 250_000, everyMs: 200 });
    journals.set(lane, await recordedRuns(app.world.pool));
  }
  const [express = [], temporal = []] = lanes.map((lane) => journals.get(lane));
  // Where a flow's bound strikes depends on which branch was faster.
  const bounded = new Set(
    [...express, ...temporal].flatMap(({ id, file, entries }) => (standingOf(catalog, file, entries) === 'bound' ? [id] : [])),
  );
  const within = (run: { id: string }) => !bounded.has(run.id);
  expect(bounded.size).toBeLessThan(count / 2);
  expect(differences(catalog, express.filter(within), temporal.filter(within))).toEqual([]);
});
