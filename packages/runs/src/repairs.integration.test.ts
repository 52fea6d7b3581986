import { countCauses, listRepairedRuns, loadRepair, type Pool } from '@holdfast/db';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { previewRepair } from './preview-repair.ts';
import { requestOverride } from './request-override.ts';
import type { RepairAct } from './repair-act.ts';
import { beginRepair, continueRepair, stopRepair } from './repairs.ts';
import { startManualRun } from './start-run.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';
import { workRepairs } from './work-repairs.ts';

const credential = `cred_${'0'.repeat(32)}`;
let world: TestWorld;
let shop: HttpService;
let database: TestDatabase;
let token: string;
let shops = 0;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  shop = await startHttpService();
  token = 'wrong';
  world = await testWorld({
    database,
    alter: (deps) => ({
      ...deps,
      openCredential: async () => ({ kind: 'bearer', secret: { token }, allowedHosts: [`127.0.0.1:${shop.port}`] }),
    }),
  });
  await world.pool.query(
    `insert into credentials (id, workspace_id, kind, name, secret, key_id) values ($1, $2, 'bearer', 'Shop key', 'x', 'k')`,
    [credential, world.workspaceId],
  );
});
afterEach(async () => {
  await world.close();
  await shop.close();
});

const person = () => ({ workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' } });
const causes = () => countCauses(world.pool, { workspaceId: world.workspaceId });
const repairOf = async (id: string) => {
  const found = await loadRepair(world.pool, { workspaceId: world.workspaceId, id });
  if (!found) throw new Error('There is no such repair.');
  return found;
};

async function publishShop(config: object = {}): Promise<string> {
  const { flowId } = await world.publish('start:webhook-trigger.received -> call:api-call.ok -> done:end', {
    configs: {
      start: { path: `shop-${world.workspaceId.slice(-12)}-${++shops}` },
      call: {
        method: 'POST',
        url: `${shop.url}/orders`,
        body: '{"order": {{ trigger.body.order }}, "currency": "{{ trigger.body.currency }}"}',
        bodyKind: 'json',
        credential,
        attempts: 1,
        ...config,
      },
    },
  });
  return flowId;
}

/** Runs that stand where the shop said no; `currencies` in turn. */
async function stuck(flowId: string, count: number, currencies = ['USD']): Promise<string[]> {
  const runs: string[] = [];
  const begin = async (order: number): Promise<void> => {
    const currency = currencies[order % currencies.length] ?? '';
    const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: { order, currency } } });
    await world.stretch(runId);
    runs[order] = runId;
  };
  for (let first = 0; first < count; first += 20)
    await Promise.all(Array.from({ length: Math.min(20, count - first) }, (_, nth) => begin(first + nth)));
  return runs;
}

/** The owners of the runs that were rung, until nothing is left to ring. */
async function answerBells(): Promise<void> {
  while (world.rung.length > 0) {
    const ids = new Set(world.rung.splice(0).flatMap((bell) => (bell.startsWith('doorbell ') ? [bell.slice(9)] : [])));
    await Promise.all([...ids].map((id) => world.stretch(id)));
  }
}

async function workUntil(id: string, state: string): Promise<void> {
  for (let turns = 0; (await repairOf(id)).state !== state; turns++) {
    if (turns > 500) throw new Error(`The repair did not come to "${state}": ${JSON.stringify(await repairOf(id))}`);
    await workRepairs(world.deps);
    await answerBells();
  }
}

const acceptsOnly = (accepted: string): void =>
  shop.on('POST /orders', ({ headers }) => (headers['authorization'] === `Bearer ${accepted}` ? { body: { ok: true } } : { status: 401 }));
const ordersTaken = (accepted: string): number[] =>
  shop.received
    .filter(({ headers }) => headers['authorization'] === `Bearer ${accepted}`)
    .map(({ body }): number => JSON.parse(body).order)
    .sort((one, other) => one - other);
const retry: RepairAct = { kind: 'retry' };

describe('200 runs that one wrong credential has stopped', () => {
  test('are one group, and once it is mended: previewed, one tried, then the rest, each exactly once', async () => {
    acceptsOnly('right');
    const flowId = await publishShop();
    await stuck(flowId, 200);
    const [cause, ...others] = await causes();
    expect(others).toEqual([]);
    expect(cause).toMatchObject({ code: 'upstream.unauthorized', count: 200, credential: { name: 'Shop key' }, step: { node: 'call' } });
    expect(Date.parse(cause?.lastAt ?? '')).toBeGreaterThanOrEqual(Date.parse(cause?.firstAt ?? ''));
    token = 'right';
    const given = { ...person(), cause: cause?.key ?? '', act: retry };
    expect(await previewRepair(world.deps, given)).toMatchObject({ count: 200, ambiguous: 0, checked: 200, unfit: [] });
    expect(ordersTaken('right')).toEqual([]);
    const { id, count } = await beginRepair(world.deps, { ...given, tryFirst: true });
    expect(count).toBe(200);
    await workUntil(id, 'tried');
    expect((await repairOf(id)).counts).toEqual({ planned: 199, asked: 0, done: 1, failed: 0, skipped: 0 });
    expect(ordersTaken('right')).toHaveLength(1);
    await continueRepair(world.deps, { ...person(), id });
    await workUntil(id, 'done');
    expect((await repairOf(id)).counts).toEqual({ planned: 0, asked: 0, done: 200, failed: 0, skipped: 0 });
    expect(ordersTaken('right')).toEqual(Array.from({ length: 200 }, (_, order) => order));
    expect(await causes()).toEqual([]);
    const acts = await world.pool.query(`select action from audit where action like 'runs.%' order by at, id`);
    expect(acts.rows.map((row) => row.action)).toEqual(['runs.repair', 'runs.repair-continued', 'runs.repair-ended']);
  });
});

describe('a repair', () => {
  test('that is stopped in the middle leaves the rest untouched', async () => {
    acceptsOnly('right');
    await stuck(await publishShop(), 14);
    token = 'right';
    const { id } = await beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: retry });
    await workRepairs(world.deps);
    await stopRepair(world.deps, { ...person(), id });
    await workUntil(id, 'stopped');
    await answerBells();
    const { counts, stoppedBy } = await repairOf(id);
    expect(stoppedBy).toBe('Ana');
    expect(counts).toEqual({ planned: 6, asked: 0, done: 8, failed: 0, skipped: 0 });
    expect(ordersTaken('right')).toHaveLength(8);
    expect((await causes())[0]?.count).toBe(6);
  });

  test('whose process dies in the middle is gone on with by another, and no run is asked twice', async () => {
    acceptsOnly('right');
    await stuck(await publishShop(), 14);
    token = 'right';
    const { id } = await beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: retry });
    await workRepairs({ ...world.deps, pool: dyingAfter(world.pool, 4) }).catch(() => undefined);
    const begun = (await repairOf(id)).counts.asked;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(8);
    // Its bells died with it: the sweep finds what was asked.
    for (const row of (await world.pool.query('select run_id from overrides')).rows) await world.stretch(row.run_id);
    await Promise.all([workRepairs(world.deps), workRepairs(world.deps)]);
    await answerBells();
    await workUntil(id, 'done');
    expect(ordersTaken('right')).toEqual(Array.from({ length: 14 }, (_, order) => order));
    expect((await world.pool.query('select 1 from overrides')).rowCount).toBe(14);
  });

  test('leaves alone what somebody has acted on meanwhile, and tells what failed again', async () => {
    acceptsOnly('right');
    const [first = '', second = ''] = await stuck(await publishShop(), 3);
    const { id } = await beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: retry });
    await requestOverride(world.deps, { ...person(), runId: first, body: { action: 'end' }, waitMs: 0 });
    await requestOverride(world.deps, { ...person(), runId: second, body: { action: 'retry' }, waitMs: 0 });
    token = 'right';
    await world.stretch(second);
    token = 'wrong';
    await workUntil(id, 'done');
    expect((await repairOf(id)).counts).toEqual({ planned: 0, asked: 0, done: 0, failed: 1, skipped: 2 });
    const [failed] = await listRepairedRuns(world.pool, { workspaceId: world.workspaceId, id, limit: 1 });
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'upstream.unauthorized' } });
    // When they stopped; what failed again is told by the repair itself.
    expect((await world.pool.query('select 1 from alerts')).rowCount).toBe(3);
  });

  test('that repairs nothing stops by itself', async () => {
    acceptsOnly('right');
    await stuck(await publishShop(), 30);
    const { id } = await beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: retry });
    await workUntil(id, 'stopped');
    const { counts, stoppedBy } = await repairOf(id);
    expect(stoppedBy).toBeNull();
    expect(counts.failed).toBeGreaterThanOrEqual(20);
    expect(counts.planned).toBeGreaterThan(0);
  });

  test('makes calls that may have been carried out again only when it is told so', async () => {
    shop.on('POST /orders', 'cut');
    await stuck(await publishShop(), 2);
    const given = { ...person(), cause: (await causes())[0]?.key ?? '', act: retry };
    expect((await causes())[0]?.code).toBe('upstream.ambiguous');
    expect(await previewRepair(world.deps, given)).toMatchObject({ count: 0, ambiguous: 2 });
    await expect(beginRepair(world.deps, given)).rejects.toMatchObject({ code: 'request.invalid', path: 'act.ambiguous' });
    shop.on('POST /orders', { body: { ok: true } });
    const { id } = await beginRepair(world.deps, { ...given, act: { kind: 'retry', ambiguous: true } });
    await workUntil(id, 'done');
    expect((await repairOf(id)).counts.done).toBe(2);
  });

  test('replaces one value by another, once, and leaves runs with another value alone', async () => {
    shop.on('POST /orders', ({ body }) => (JSON.parse(body).currency === 'US$' ? { status: 401 } : { body: { ok: true } }));
    const flowId = await publishShop();
    await stuck(flowId, 4, ['US$']);
    shop.on('POST /orders', { status: 401 });
    await stuck(flowId, 2, ['EUR']);
    shop.on('POST /orders', { body: { ok: true } });
    const act: RepairAct = { kind: 'retry', edit: { field: 'trigger.body.currency', from: 'US$', to: '{{ trigger.body.order }}' } };
    const given = { ...person(), cause: (await causes())[0]?.key ?? '', act };
    expect(await previewRepair(world.deps, given)).toMatchObject({
      count: 4,
      otherValue: 2,
      examples: [{ before: 'US$', after: '{{ trigger.body.order }}' }, {}, {}],
    });
    const { id } = await beginRepair(world.deps, given);
    await workUntil(id, 'done');
    expect((await repairOf(id)).counts).toMatchObject({ done: 4, skipped: 0 });
    const sent = shop.received.slice(-4).map(({ body }): string => JSON.parse(body).currency);
    expect(sent).toEqual(Array.from({ length: 4 }, () => '{{ trigger.body.order }}'));
  });

  test('skips the step of every run, or ends them all', async () => {
    acceptsOnly('right');
    const flowId = await publishShop();
    const [skipped = ''] = await stuck(flowId, 1);
    const { id } = await beginRepair(world.deps, {
      ...person(),
      cause: (await causes())[0]?.key ?? '',
      act: { kind: 'skip', port: 'ok', output: { status: 200 } },
    });
    await workUntil(id, 'done');
    expect(await world.run(skipped)).toMatchObject({ status: 'ended', outcome: 'done' });
    const [ended = ''] = await stuck(flowId, 1);
    const ending = await beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: { kind: 'end' } });
    await expect(
      beginRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: { kind: 'end' } }),
    ).rejects.toMatchObject({ code: 'resource.conflict' });
    await workUntil(ending.id, 'done');
    expect(await world.run(ended)).toMatchObject({ status: 'ended', outcome: 'stopped' });
  });

  test('is previewed with what would still be wrong', async () => {
    acceptsOnly('right');
    await stuck(await publishShop(), 2);
    await world.pool.query(`update credentials set state = 'attention' where id = $1`, [credential]);
    const preview = await previewRepair(world.deps, { ...person(), cause: (await causes())[0]?.key ?? '', act: retry });
    expect(preview.unfit).toMatchObject([{ count: 2, detail: expect.stringContaining('Shop key') }]);
    // Another flow that needs the same connection belongs to the same group.
    await stuck(await publishShop(), 1);
    expect(await causes()).toMatchObject([{ count: 3, step: null, flows: [{}, {}], credential: { id: credential } }]);
  });
});

/** A pool whose process dies within its nth transaction from now. */
function dyingAfter(pool: Pool, transactions: number): Pool {
  let begun = 0;
  const connect = async () => {
    const client = await pool.connect();
    begun++;
    if (begun <= transactions) return client;
    const { processID } = client as unknown as { processID: number }; // pg knows it and does not type it
    client.on('error', () => undefined);
    await pool.query('select pg_terminate_backend($1)', [processID]);
    return client;
  };
  // Its own query() connects with a callback, so that one stays the pool's.
  const query = pool.query.bind(pool);
  return new Proxy(pool, {
    get: (target, name, receiver) => (name === 'connect' ? connect : name === 'query' ? query : Reflect.get(target, name, receiver)),
  });
}
