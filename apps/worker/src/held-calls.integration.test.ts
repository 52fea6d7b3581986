import { createTogether, ensureProvider, letWaitingGo, listProviderViews, pauseProvider, resumeProvider } from '@holdfast/db';
import type { Gate } from '@holdfast/providers';
import { startManualRun } from '@holdfast/runs';
import { startGoogleSheetsFake, startHttpService, type GoogleSheetsFake, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanes, testApp, type TestApp } from './test/test-app.ts';

const sheets = 'google-sheets:books';

describe.each(lanes)('begun in the lane "%s"', (lane) => {
  let app: TestApp;
  let shop: HttpService;
  let google: GoogleSheetsFake;
  let gate: Gate | undefined;
  beforeAll(async () => {
    shop = await startHttpService();
    google = await startGoogleSheetsFake();
    google.oauth.accessTokens.add('token-1');
    const account = { kind: 'google', baseUrl: google.url, apiUrl: `${google.url}/`, allowedHosts: [], secret: { token: 'token-1' } };
    app = await testApp({
      lane,
      alter: (deps) => {
        gate = deps.providers;
        return { ...deps, together: createTogether(deps.pool), openCredential: async () => ({ ...account, provider: sheets }) };
      },
    });
  });
  afterAll(async () => {
    await app.close();
    await shop.close();
    await google.close();
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
    for (const { runId } of runs) await expect.poll(async () => (await world.run(runId)).waitingFor).toBe('provider');
    expect(shop.received).toEqual([]);

    await resumeProvider(pool, { ...provider, everyMs: 20 });
    for (const { runId } of runs) await expect.poll(async () => (await world.run(runId)).outcome).toBe('done');
    expect(shop.received.length).toBe(3);
    expect(await waiting()).toBe(0);
    for (const { runId } of runs)
      expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'order')).toMatchObject({
        port: 'ok',
        facts: { attempts: 1 },
      });
  });

  test('a call whose answer is not needed is kept while its provider is down, and delivered once when that is back', async () => {
    const { world } = app;
    const { workspaceId, pool } = world;
    const provider = { workspaceId, key: `http:127.0.0.1:${shop.port}` };
    shop.on('/notes', { status: 201 });
    await ensureProvider(pool, { ...provider, kind: 'http', name: 'Shop' });
    const isOpen = (breaker: 'open' | 'closed') =>
      pool.query(
        `update providers set breaker = $1, opened_at = now(), probe_at = now() + interval '1 hour', changed_at = clock_timestamp() where key = $2`,
        [breaker, provider.key],
      );
    await isOpen('open');
    const asked = { method: 'GET', url: `${shop.url}/notes`, hasFallback: true };
    const state = async () =>
      (await gate?.admit({ workspaceId, request: asked }).catch((error: { code?: string }) => ({ state: error.code })))?.state;
    await expect.poll(state).toBe('upstream.down');
    const { flowId } = await world.publish('start:webhook-trigger.received -> note:api-call.kept -> done:end\n note.ok -> done', {
      configs: {
        start: { path: `kept-${lane}` },
        note: { method: 'POST', url: `${shop.url}/notes`, bodyKind: 'text', text: 'thank you', keepCall: true },
      },
    });
    const { runId } = await startManualRun(world.deps, { workspaceId, flowId, input: {} });
    await expect.poll(async () => (await world.run(runId)).outcome).toBe('done');
    const notes = () => shop.received.filter(({ body }) => body === 'thank you').length;
    expect(notes()).toBe(0);
    await isOpen('closed');
    await letWaitingGo(pool, { ...provider, everyMs: 20 });
    await expect
      .poll(async () => (await pool.query('select state from kept_calls where run_id = $1', [runId])).rows)
      .toEqual([{ state: 'delivered' }]);
    expect(notes()).toBe(1);
  });

  test('rows of one sheet wait together, in one place, and are each there once when they may go', async () => {
    const { world } = app;
    const { workspaceId, pool } = world;
    const provider = { workspaceId, key: sheets };
    const grid = google.sheet('1RowsThatWaitAbCdEf');
    grid.push(['Order']);
    await ensureProvider(pool, { ...provider, kind: 'google-sheets', name: 'Books' });
    await pauseProvider(pool, { ...provider, by: 'Ana', note: '' });
    const asked = { method: 'GET', url: google.url, provider: sheets };
    await expect.poll(async () => (await gate?.admit({ workspaceId, request: asked }))?.state).toBe('later');
    const row = { operation: 'append', credential: 'cred_1', spreadsheet: '1RowsThatWaitAbCdEf', values: { Order: '{{ trigger.order }}' } };
    const { flowId } = await world.publish('start:webhook-trigger.received -> row:google-sheets.done -> done:end', {
      configs: { start: { path: `rows-${lane}` }, row: { ...row, uniqueColumn: 'Order' } },
    });
    const orders = ['A-1', 'A-2', 'A-3', 'A-4'];
    const runs = await Promise.all(orders.map((order) => startManualRun(world.deps, { workspaceId, flowId, input: { order } })));
    const places = 'select count(*)::int as calls, count(distinct goes_with)::int as places from held_calls where provider = $1';
    await expect.poll(async () => (await pool.query(places, [sheets])).rows).toEqual([{ calls: 4, places: 1 }]);
    await resumeProvider(pool, { ...provider, everyMs: 3_600_000 });
    for (const { runId } of runs) await expect.poll(async () => (await world.run(runId)).outcome).toBe('done');
    expect(
      grid
        .slice(1)
        .map(([order]) => String(order))
        .toSorted(),
    ).toEqual(orders);
    expect((await pool.query(places, [sheets])).rows).toEqual([{ calls: 0, places: 0 }]);
  });
});
