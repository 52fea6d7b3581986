import type { CacheUse, EgressRequest, EgressResponse } from '@holdfast/node-kit';
import { trimKeptAnswers } from '@holdfast/db';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Providers } from './create-providers.ts';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.pool.query('truncate cached_answers');
  await world.pool.query('delete from providers');
  let stock = 0;
  world.service.on('/orders', () => ({ body: { stock: (stock += 1) } }));
});

const hour: CacheUse = { forMs: 3_600_000 };
const stockOf = ({ body }: EgressResponse): unknown => (body as { stock: number }).stock; // as: the service above says it
const ask = async (providers: Providers, request: Partial<EgressRequest> = {}) =>
  stockOf(await world.call(providers, { cache: hour, ...request }));
const grow = (ms: number) => world.pool.query(`update cached_answers set stored_at = stored_at - make_interval(secs => $1 / 1000.0)`, [ms]);

test('an answer is kept for all processes as long as the call says, and tells its age', async () => {
  const [one, other] = [world.newProviders(), world.newProviders()];
  expect(await ask(one)).toBe(1);
  expect(await ask(other)).toBe(1);
  await grow(1_800_000);
  const kept = await world.call(other, { cache: hour });
  expect(kept.cached?.isStale).toBe(false);
  expect(kept.cached?.ageMs).toBeGreaterThanOrEqual(1_800_000);
  await grow(1_800_001);
  expect(await ask(one)).toBe(2);
});

test('many who ask at once, in several processes, cost the service one call', async () => {
  let answer: () => void = () => undefined;
  const after = new Promise<void>((resolve) => (answer = resolve));
  let asked = 0;
  world.service.on('/orders', () => ({ body: { stock: (asked += 1) }, after }));
  const all = [world.newProviders(), world.newProviders()].flatMap((providers) =>
    Array.from({ length: 10 }, () => ask(providers, { timeoutMs: 120_000 })),
  );
  await expect.poll(() => asked).toBe(1);
  answer();
  expect(new Set(await Promise.all(all))).toEqual(new Set([1]));
  expect(asked).toBe(1);
});

test('answers are never shared between credentials, headers, workspaces, methods, bodies or providers', async () => {
  const providers = world.newProviders();
  const post = { method: 'POST', isIdempotent: true };
  const different: Partial<EgressRequest>[] = [
    {},
    { credential: 'cred_1' },
    { credential: 'cred_2' },
    { headers: { 'x-api-key': 'one' } },
    { headers: { 'x-api-key': 'two' } },
    { query: { page: '2' } },
    { method: 'HEAD' },
    { ...post, body: 'a' },
    { ...post, body: 'b' },
    { provider: 'http:other' },
    { cache: { ...hour, key: 'mine' } },
    { cache: { ...hour, key: 'mine' }, credential: 'cred_1' },
  ];
  const before = world.service.received.length;
  for (const request of different) await world.call(providers, { cache: hour, ...request });
  expect(world.service.received.length - before).toBe(different.length);
  const elsewhere = await providers.admit({
    workspaceId: 'ws_2',
    request: { method: 'GET', url: `${world.service.url}/orders`, cache: hour },
  });
  expect(elsewhere.state).toBe('go');
  if (elsewhere.state === 'go') await elsewhere.giveUp();
});

test('a key of one’s own stands for address, query and body, and no secret is in the table', async () => {
  const providers = world.newProviders();
  const cache = { ...hour, key: 'stock A-1' };
  expect(await ask(providers, { cache, query: { at: '1', token: 'canary-secret' } })).toBe(1);
  expect(await ask(providers, { cache, query: { at: '2' } })).toBe(1);
  expect(JSON.stringify((await world.pool.query('select * from cached_answers')).rows)).not.toContain('canary-secret');
});

test('what may change something is never answered by another call, and a failure is not kept', async () => {
  const providers = world.newProviders();
  for (const request of [{ method: 'PUT' }, { method: 'POST', isIdempotent: false }]) {
    expect(await ask(providers, request)).not.toBe(await ask(providers, request));
  }
  world.service.on('/orders', { status: 500 }, { status: 404, body: { stock: 'none' } }, { body: { stock: 7 } });
  await expect(ask(providers)).rejects.toMatchObject({ code: 'upstream.broken' });
  expect(await ask(providers)).toBe('none');
  expect(await ask(providers)).toBe(7);
});

test('an old answer stands in for so long as it is asked for, and not longer', async () => {
  const providers = world.newProviders();
  const cache: CacheUse = { forMs: 0, staleForMs: 7_200_000 };
  await ask(providers, { cache });
  await ask(providers, { cache });
  await grow(3_600_000);
  const old = await world.call(providers, { cache: { ...cache, use: 'stale' } });
  expect([stockOf(old), old.cached?.isStale]).toEqual([2, true]);
  await grow(3_700_000);
  await expect(world.call(providers, { cache: { ...cache, use: 'stale' } })).rejects.toMatchObject({ code: 'upstream.down' });
});

test('a workspace’s oldest answers are forgotten beyond its room', async () => {
  const providers = world.newProviders();
  for (const key of ['a', 'b', 'c']) await ask(providers, { cache: { ...hour, key } });
  const { rows } = await world.pool.query<{ bytes: number }>('select bytes from cached_answers');
  await trimKeptAnswers(world.pool, workspaceId, 2 * (rows[0]?.bytes ?? 0));
  expect(await ask(providers, { cache: { ...hour, key: 'c' } })).toBe(3);
  expect(await ask(providers, { cache: { ...hour, key: 'a' } })).toBe(4);
});
