import { ensureProvider, listProviderViews, pauseProvider, resumeProvider } from '@holdfast/db';
import type { Gate } from '@holdfast/providers';
import { startManualRun } from '@holdfast/runs';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanes, testApp, type TestApp } from './test/test-app.ts';

describe.each(lanes)('begun in the lane "%s"', (lane) => {
  let app: TestApp;
  let shop: HttpService;
  let gate: Gate | undefined;
  beforeAll(async () => {
    shop = await startHttpService();
    app = await testApp({
      lane,
      alter: (deps) => {
        gate = deps.providers;
        return deps;
      },
    });
  });
  afterAll(async () => {
    await app.close();
    await shop.close();
  });

  test('calls to a paused provider wait without an attempt, and go out once when it is resumed', async () => {
    const { world } = app;
    const { workspaceId, pool } = world;
    const provider = { workspaceId, key: `http:127.0.0.1:${shop.port}` };
    shop.on('/orders', { status: 201, body: { ok: true } });
    await ensureProvider(pool, { ...provider, kind: 'http', name: 'Shop' });
    await pauseProvider(pool, { ...provider, by: 'Ana', note: 'stocktaking' });
    // Processes look once a second.
    const asked = { method: 'GET', url: `${shop.url}/orders` };
    await expect.poll(async () => (await gate?.admit({ workspaceId, request: asked }))?.state).toBe('later');
    const { flowId } = await world.publish('start:webhook-trigger.received -> order:api-call.ok -> done:end', {
      configs: {
        start: { path: `held-${lane}` },
        order: { method: 'POST', url: `${shop.url}/orders`, bodyKind: 'json', body: '{"a": 1}' },
      },
    });
    const runs = await Promise.all([1, 2, 3].map(() => startManualRun(world.deps, { workspaceId, flowId, input: {} })));
    const waiting = async () => (await listProviderViews(pool, workspaceId))[0]?.waiting.count;
    await expect.poll(waiting).toBe(3);
    const [first] = runs;
    await expect.poll(async () => (await world.run(first?.runId ?? '')).waitingFor).toBe('provider');
    expect(shop.received).toEqual([]);

    expect(await resumeProvider(pool, { ...provider, everyMs: 20 })).toBe(3);
    for (const { runId } of runs) await expect.poll(async () => (await world.run(runId)).outcome).toBe('done');
    expect(shop.received.length).toBe(3);
    expect(await waiting()).toBe(0);
    for (const { runId } of runs)
      expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'order')).toMatchObject({
        port: 'ok',
        facts: { attempts: 1 },
      });
  });
});
