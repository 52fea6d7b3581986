import { join } from 'node:path';
import { forkFake, type ForkedFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.pool.query('delete from providers');
  await world.pool.query('delete from throttles');
});

interface Rates {
  total: number;
  busiest: number;
  spanMs: number;
  refused: number;
}

test('two worker processes together never make more calls in any second than the limit, and lose none', async () => {
  const service = await forkFake(join(import.meta.dirname, 'test/counting-service.ts'), []);
  const key = `http:${new URL(service.url).host}`;
  await world.pool.query(
    `insert into providers (workspace_id, key, kind, name, limits) values ($1, $2, 'http', $2, '[{"count": 20, "perMs": 1000}]')`,
    [workspaceId, key],
  );
  const rates = async () => (await service.control('rates')) as Rates; // as: counting-service.ts writes it
  const callers = await Promise.all(
    [1, 2].map(() => forkFake(join(import.meta.dirname, 'test/caller.ts'), [world.url, service.url, '30'])),
  );
  try {
    await expect.poll(async () => (await rates()).total, { timeout: 60_000 }).toBe(60);
    expect((await rates()).busiest).toBeLessThanOrEqual(20);
  } finally {
    await Promise.all([...callers, service].map((each: ForkedFake) => each.close()));
  }
});

test('several windows hold together, and who finds no room soon is told when to come, in order', async () => {
  await world.setLimits([
    { count: 2, perMs: 1_000 },
    { count: 3, perMs: 3_600_000 },
  ]);
  const providers = world.newProviders();
  world.service.on('/orders', { body: { ok: true } });
  await world.call(providers);
  await world.call(providers);
  await world.call(providers);
  const ask = () => providers.admit({ workspaceId, request: { method: 'GET', url: `${world.service.url}/orders` } });
  const [first, second] = [await ask(), await ask()];
  if (first.state !== 'later' || second.state !== 'later') throw new Error('There was room for more than the limit.');
  expect(first).toMatchObject({
    code: 'upstream.limited',
    reason: expect.objectContaining({ text: expect.stringContaining('3 in 3600 s') }),
  });
  expect(second.notBefore.getTime()).toBeGreaterThan(first.notBefore.getTime());
  expect(first.notBefore.getTime()).toBeGreaterThan(Date.now() + 1_800_000);
});

test('a provider that asks for a pause is left alone by all, and again at the pace that its kind allows', async () => {
  const [providers, other] = [world.newProviders(), world.newProviders()];
  world.service.on('/orders', { status: 429, headers: { 'retry-after': '600' } });
  await expect(world.call(providers)).rejects.toMatchObject({ code: 'upstream.limited' });
  await expect(world.call(providers)).rejects.toThrow('later: upstream.limited');
  await expect.poll(() => world.call(other).catch((error: Error) => error.message)).toBe('later: upstream.limited');
});
