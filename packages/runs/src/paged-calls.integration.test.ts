import { loadFile, takeOverRun } from '@holdfast/db';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runEffect } from './run-effect.ts';
import { startManualRun } from './start-run.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
/** The process stops for ever when it asks for the second page. */
let dies: (() => void) | null = null;
beforeAll(async () => {
  shop = await startHttpService();
  shop.on('GET /orders', { body: [{ id: 'A-1' }], headers: { link: '</orders/more>; rel="next"' } });
  shop.on('GET /orders/more', { body: [{ id: 'A-2' }] });
  shop.on('POST /invoice', { body: Buffer.from('%PDF-1.7 invoice'), headers: { 'content-type': 'text/html' } });
  world = await testWorld({
    alter: (deps) => ({
      ...deps,
      egress: {
        request: (call) => {
          if (!dies || !call.url.endsWith('/more')) return deps.egress.request(call);
          dies();
          dies = null;
          return new Promise(() => undefined);
        },
      },
    }),
  });
});
afterAll(() => Promise.all([world.close(), shop.close()]));

const field = { name: 'body.first', title: 'first', type: 'text', place: 'body', keys: ['first'] };
const operation = { id: 'invoice', title: 'Invoice', method: 'POST', path: '/invoice', fields: [field], body: 'json' };

test('a list whose reader died in the middle is read anew, and what follows happens once', async () => {
  const { flowId } = await world.publish('start:webhook-trigger.received -> list:api-call.ok -> file:api-operation.ok -> done:end', {
    configs: {
      start: { path: 'paged-orders' },
      list: { url: `${shop.url}/orders`, pages: 'link' },
      file: {
        operation,
        server: shop.url,
        values: { 'body.first': '{{ nodes.list.items[1].id }}' },
        answerAs: 'file',
        fileName: '{{ nodes.list.pages }}.pdf',
      },
      done: { result: 'text', text: '{{ nodes.file.file.id }}' },
    },
  });
  const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: {} } });
  await new Promise<void>((resolve) => {
    dies = resolve;
    world.stretch(runId).catch(() => undefined);
  });
  const { epoch } = await world.run(runId);
  expect(await takeOverRun(world.pool, { runId, epoch })).toBe(true);
  await world.stretch(runId);
  expect(await world.run(runId)).toMatchObject({ status: 'ended' });
  expect(shop.received.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
    'GET /orders ',
    'GET /orders ',
    'GET /orders/more ',
    'POST /invoice {"first":"A-2"}',
  ]);
  const { rows } = await world.pool.query<{ id: string }>('select id from files where run_id = $1', [runId]);
  expect(rows).toHaveLength(1);
  const kept = await loadFile(world.pool, { workspaceId: world.workspaceId, id: rows[0]?.id ?? '' });
  expect(kept).toMatchObject({ name: '2.pdf', mimeType: 'application/pdf' });
  expect(kept?.content.toString()).toBe('%PDF-1.7 invoice');
});

test('each call of a step has its attempts: one that was answered since begins anew', async () => {
  const broken = { status: 503 };
  const first = { body: [{ id: 'A-1' }], headers: { link: '</flaky/more>; rel="next"' } };
  shop.on('GET /flaky', broken, first, broken, first);
  shop.on('GET /flaky/more', broken, { body: [{ id: 'A-2' }] });
  const { flowId } = await world.publish('start:webhook-trigger.received -> list:api-call.ok -> done:end', {
    configs: { start: { path: 'flaky-orders' }, list: { url: `${shop.url}/flaky`, pages: 'link', attempts: 2 } },
  });
  const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: {} } });
  for (let round = 0; (await world.run(runId)).status !== 'ended' && round < 10; round += 1) {
    const [next] = (await world.stretch(runId)).effects;
    const { epoch } = await world.run(runId);
    const owner = `${runId}.${epoch}`;
    if (next)
      await runEffect(world.deps, { runId, epoch, owner, stepId: next.stepId }, new AbortController().signal).catch(() => undefined);
  }
  const entries = await world.journal(runId);
  expect(entries.filter(({ kind }) => kind === 'step-failed')).toHaveLength(3);
  expect(entries.find((entry) => entry.kind === 'step-ended' && entry.node === 'list')).toMatchObject({ how: 'ran', port: 'ok' });
});
