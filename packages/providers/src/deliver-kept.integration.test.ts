import { holdRestoredKept, listKeptCalls, retryKeptCall, retryKeptCalls, settleKeptCall } from '@holdfast/db';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDeliverer, type Deliverer, type DelivererOptions } from './deliver-kept.ts';
import { keep } from './test/keep.ts';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
const running: Deliverer[] = [];
let before = 0;
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['kept_calls', 'kept_lines', 'leases', 'alerts', 'providers']) await world.pool.query(`delete from ${table}`);
  before = world.service.received.length;
  world.service.on('/orders', { status: 201 });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** A process of its own, alive until `bury`. */
async function deliver(process: string, more: Partial<DelivererOptions> = {}): Promise<void> {
  await world.pool.query(`insert into leases (process, kind, seen_at) values ($1, 'worker', now() + interval '1 hour')`, [process]);
  const options = {
    pool: world.pool,
    gate: world.newProviders(),
    process,
    isAlive: () => !dead.has(process),
    log: { warn: () => undefined },
    lookEveryMs: 20,
  };
  const openCredential = async () => Promise.reject(new Error('No credential is used here.'));
  const carryOut = async () => Promise.reject(new Error('No step is kept here.'));
  running.push(startDeliverer({ ...options, openCredential, carryOut, ...more }));
}
const dead = new Set<string>();
const bury = async (process: string) => {
  dead.add(process);
  running.length = 0;
  await world.pool.query('delete from leases where process = $1', [process]);
  // As long ago as others wait for.
  await world.pool.query(`update kept_calls set dispatched_at = now() - interval '6 s' where state = 'dispatching'`);
};
const hurry = () => world.pool.query(`update kept_lines set due_at = now()`);
const kept = () => listKeptCalls(world.pool, { workspaceId, key: world.key, limit: 200 });
const states = async () => Object.fromEntries((await kept()).items.map(({ id, state }) => [id, state]));
/** What came to the service in this test. */
const came = () => world.service.received.slice(before);
const bodies = () => came().map(({ body }) => body);
const arrived = (count: number) => expect.poll(() => came().length).toBe(count);
const isEmpty = () => expect.poll(async () => (await kept()).waiting).toBe(0);

test('two processes deliver what is kept in its order, each call once, when the provider is back', async () => {
  world.service.on('/orders', { status: 503 });
  const all = Array.from({ length: 12 }, (_, nth) => `order ${nth}`);
  for (const body of all) await keep(world, { body });
  await deliver('one 1');
  await deliver('other 1');
  await expect.poll(async () => (await kept()).items[0]?.problem?.code).toBe('upstream.broken');
  expect(new Set(bodies())).toEqual(new Set(['order 0']));
  world.service.on('/orders', { status: 201 });
  await hurry();
  await isEmpty();
  const taken = bodies();
  // Tries that were under way when it came back may have been refused before.
  expect(taken.slice(taken.lastIndexOf('order 0'))).toEqual(all);
  expect((await kept()).items.every(({ state, status }) => state === 'delivered' && status === 201)).toBe(true);
  const { rows } = await world.pool.query('select request, body from kept_calls');
  expect(rows.every(({ request, body }) => request === null && body === null)).toBe(true);
});

test('what is refused stops for a person, and only those of its order key wait behind it', async () => {
  world.service.on('/broken', { status: 422, body: { error: 'no such customer' } });
  const refused = await keep(world, { path: '/broken', orderKey: 'customer 7' });
  const behind = await keep(world, { body: 'same customer', orderKey: 'customer 7' });
  const other = await keep(world, { body: 'another one' });
  await deliver('one 2');
  await expect.poll(states).toMatchObject({ [refused]: 'stopped', [other]: 'delivered', [behind]: 'waiting' });
  expect((await kept()).items.find(({ id }) => id === refused)).toMatchObject({
    status: 422,
    problem: { code: 'upstream.refused', detail: expect.stringContaining('no such customer') },
  });
  expect((await kept()).items.find(({ id }) => id === refused)).toMatchObject({ behind: 1, waitsFor: null });
  expect((await kept()).items.find(({ id }) => id === behind)).toMatchObject({ behind: 0, waitsFor: expect.stringContaining('/broken') });
  expect((await world.pool.query('select title, detail, link from alerts')).rows).toEqual([
    {
      title: expect.stringContaining('needs a person'),
      detail: expect.stringMatching(/no such customer.*One more waits behind it\. .*discard it\.$/),
      link: `/providers?queue=${encodeURIComponent(world.key)}`,
    },
  ]);
  // Nobody looks: people hear of it again.
  await world.pool.query(`update kept_calls set settled_at = now() - interval '61 minutes' where id = $1`, [refused]);
  await world.pool.query('update kept_lines set due_at = now()');
  const titles = async () => (await world.pool.query('select title from alerts order by at')).rows.map(({ title }) => String(title));
  await expect.poll(titles).toEqual([expect.any(String), expect.stringContaining('still wait for a person')]);

  world.service.on('/broken', { status: 200 });
  expect(await retryKeptCall(world.pool, { workspaceId, id: refused })).toBe(true);
  await isEmpty();
  expect(bodies().slice(-2)).toEqual(['', 'same customer']);
  expect(await states()).toMatchObject({ [refused]: 'delivered', [behind]: 'delivered' });
});

test('one that fails holds up all that come after it, and people are told how many after a quarter of an hour', async () => {
  world.service.on('/orders', { status: 500 });
  const first = await keep(world, { body: 'first', isRepeatable: true });
  for (const body of ['second', 'third']) await keep(world, { body });
  await world.pool.query(`update kept_calls set kept_at = now() - interval '16 minutes' where id = $1`, [first]);
  await deliver('one 10');
  await expect
    .poll(async () => (await kept()).items.map(({ behind, waitsFor }) => [behind, waitsFor === null]))
    .toEqual([
      [2, true],
      [0, false],
      [0, false],
    ]);
  await expect
    .poll(async () => (await world.pool.query('select detail from alerts')).rows.map(({ detail }) => String(detail)))
    .toEqual([expect.stringMatching(/tried once: .*500.* 2 more wait behind it\. .*discard it/)]);
});

test('one that fails while others are answered stops, and the line goes on', async () => {
  world.service.on('/poison', { status: 500 });
  const poison = await keep(world, { path: '/poison', isRepeatable: true });
  const other = await keep(world);
  await world.call(world.newProviders());
  await world.pool.query(`update kept_calls set attempts = 4, failing_since = now() - interval '1 minute' where id = $1`, [poison]);
  await world.pool.query(
    `insert into providers (workspace_id, key, kind, name, last_ok_at) values ($1, $2, 'http', 'S', now()) on conflict (workspace_id, key) do update set last_ok_at = now()`,
    [workspaceId, world.key],
  );
  await deliver('one 3');
  await expect.poll(states).toMatchObject({ [poison]: 'stopped', [other]: 'delivered' });
});

describe('a process that dies', () => {
  const never = () => new Promise<void>(() => undefined);

  test('before the first byte leaves a call that must not be made twice to a person, who has it sent again', async () => {
    const id = await keep(world, { body: 'once' });
    await deliver('one 4', { crashPoint: (point) => (point === 'kept-dispatched' ? never() : undefined) });
    await expect.poll(states).toEqual({ [id]: 'dispatching' });
    await bury('one 4');
    await deliver('two 4');
    await expect.poll(states).toEqual({ [id]: 'stopped' });
    expect((await kept()).items[0]?.problem?.code).toBe('upstream.ambiguous');
    expect(bodies()).toEqual([]);
    await retryKeptCall(world.pool, { workspaceId, id });
    await arrived(1);
    await expect.poll(states).toEqual({ [id]: 'delivered' });
  });

  test('after the answer does not have it delivered again; a person says that it arrived', async () => {
    const id = await keep(world, { body: 'once' });
    const next = await keep(world, { body: 'next' });
    await deliver('one 5', { crashPoint: (point) => (point === 'kept-answered' ? never() : undefined) });
    await arrived(1);
    await bury('one 5');
    await deliver('two 5');
    await expect.poll(states).toEqual({ [id]: 'stopped', [next]: 'delivered' });
    expect(bodies()).toEqual(['once', 'next']);
    expect(await settleKeptCall(world.pool, { workspaceId, id, by: 'Ana', note: 'it is there', as: 'delivered' })).toBe(true);
    expect(await retryKeptCall(world.pool, { workspaceId, id })).toBe(false);
    expect((await kept()).items.find((each) => each.id === id)).toMatchObject({
      state: 'delivered',
      settledBy: 'Ana',
      note: 'it is there',
    });
  });

  test('has a call that may be repeated made again, with the same key', async () => {
    const request = { method: 'POST', url: `${world.service.url}/orders`, headers: { 'idempotency-key': 'step_1:' } };
    const id = await keep(world, { isRepeatable: true, request });
    await deliver('one 6', { crashPoint: (point) => (point === 'kept-answered' ? never() : undefined) });
    await arrived(1);
    await bury('one 6');
    await deliver('two 6');
    await expect.poll(states).toEqual({ [id]: 'delivered' });
    expect(came().map(({ headers }) => headers['idempotency-key'])).toEqual(['step_1:', 'step_1:']);
  });

  test('and wakes up again after it was replaced, sends nothing', async () => {
    const id = await keep(world, { body: 'once' });
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    await deliver('one 7', { crashPoint: (point) => (point === 'kept-dispatched' ? asleep : undefined) });
    const [frozen] = running;
    await expect.poll(states).toEqual({ [id]: 'dispatching' });
    await bury('one 7');
    await deliver('two 7');
    await expect.poll(states).toEqual({ [id]: 'stopped' });
    wake();
    await frozen?.stop();
    expect(bodies()).toEqual([]);
    expect(await states()).toEqual({ [id]: 'stopped' });
  });
});

test('what a process could not write down while the database was away does not stand under its name for as long as it lives', async () => {
  const unknown = await keep(world, { body: 'once' });
  const again = await keep(world, { body: 'again', isRepeatable: true });
  const other = await keep(world, { body: 'other' });
  await world.pool.query(`update kept_lines set owner = 'one 9'`);
  await world.pool.query(
    `update kept_calls set state = 'dispatching', attempts = 1, dispatched_by = 'one 9', dispatched_at = now() where id = any ($1)`,
    [[unknown, again]],
  );
  await deliver('one 9');
  await expect.poll(states).toEqual({ [unknown]: 'stopped', [again]: 'delivered', [other]: 'delivered' });
  expect(bodies().toSorted()).toEqual(['again', 'other']);
});

test('what came back with a backup is for a person, also where another call has made its line anew before anybody looked', async () => {
  const restored = await keep(world, { body: 'restored' });
  const again = await keep(world, { body: 'again', isRepeatable: true });
  await holdRestoredKept(world.pool);
  await world.pool.query('delete from kept_lines');
  const fresh = await keep(world, { body: 'fresh' });
  await world.pool.query(`update kept_calls set dispatched_at = now() - interval '6 s' where state = 'dispatching'`);
  await deliver('one 10');
  await expect.poll(states).toEqual({ [restored]: 'stopped', [again]: 'stopped', [fresh]: 'delivered' });
  expect(bodies()).toEqual(['fresh']);
  expect((await kept()).items[0]?.problem?.detail).toContain('backup');
  // Whoever has all sent again that stopped has not looked whether these arrived.
  expect(await retryKeptCalls(world.pool, { workspaceId, key: world.key })).toBe(0);
});

test('a paused provider gets none, and the queue says why', async () => {
  await world.pool.query(
    `insert into providers (workspace_id, key, kind, name, paused_at) values ($1, $2, 'http', 'S', now())
    on conflict (workspace_id, key) do update set paused_at = now(), changed_at = clock_timestamp()`,
    [workspaceId, world.key],
  );
  const id = await keep(world);
  await deliver('one 8');
  await expect.poll(async () => (await kept()).items[0]?.problem?.code).toBe('upstream.paused');
  expect(bodies()).toEqual([]);
  expect(await settleKeptCall(world.pool, { workspaceId, id, by: 'Ana', note: 'not needed', as: 'discarded' })).toBe(true);
  expect(await states()).toEqual({ [id]: 'discarded' });
});
