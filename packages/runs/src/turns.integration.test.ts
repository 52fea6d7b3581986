import { claimQueuedRuns, takeDueRuns } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestWebhook } from './test/ingest-webhook.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.close());

/** Runs of two flows: many of the first, then one of the second. Answers whose they are, by id. */
async function crowd(lane: 'express' | 'temporal', crowded: number): Promise<Map<string, string>> {
  const whose = new Map<string, string>();
  for (const [name, count] of [
    [`many-${lane}`, crowded],
    [`one-${lane}`, 1],
  ] as const) {
    await world.publish('start:webhook-trigger.received -> done:end', { configs: { start: { path: name } }, settings: { lane } });
    for (let nth = 1; nth <= count; nth++) {
      const { runId } = await ingestWebhook(
        { ...world.deps, forcedLane: null },
        { path: name, method: 'POST', headers: {}, query: {}, body: {} },
      );
      whose.set(runId, `${name} ${nth}`);
    }
  }
  return whose;
}

test('a flow with many queued runs does not keep another’s one waiting, nor do its own change places', async () => {
  const whose = await crowd('express', 30);
  const first = await claimQueuedRuns(world.pool, 'process_a', 4);
  expect(first.map(({ id }) => whose.get(id))).toEqual(['many-express 1', 'one-express 1', 'many-express 2', 'many-express 3']);
  const [here, there] = await Promise.all([claimQueuedRuns(world.pool, 'process_a', 5), claimQueuedRuns(world.pool, 'process_b', 5)]);
  const taken = [...here, ...there].map(({ id }) => whose.get(id) ?? '');
  expect(new Set(taken)).toEqual(new Set(Array.from({ length: 10 }, (_, index) => `many-express ${index + 4}`)));
});

test('neither do its runs that are to be started in Temporal', async () => {
  const whose = await crowd('temporal', 30);
  await world.pool.query(`update runs set ring_at = now() - interval '1 s' where lane = 'handover'`);
  const due = await takeDueRuns(world.pool, 3);
  expect(new Set(due.map(({ id }) => whose.get(id)?.replace(/ \d+$/, '')))).toEqual(new Set(['many-temporal', 'one-temporal']));
  expect(due).toHaveLength(3);
});
