import { afterAll, beforeAll, expect, test } from 'vitest';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());

const answer = (left: number, requested: number) => ({
  body: {
    data: {},
    extensions: {
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: requested,
        throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: left, restoreRate: 0.001 },
      },
    },
  },
});

test('calls that cost points share one bucket among all processes, and wait before it is empty', async () => {
  const [one, other] = [world.newProviders(), world.newProviders()];
  const request = {
    method: 'POST',
    provider: 'shopify:acme.test',
    isIdempotent: true,
    body: '{"query":"{ orders }","variables":{}}',
    cost: 50,
  };
  world.service.on('/orders', answer(500, 150));
  await world.call(one, request);
  const taken = await Promise.all(
    Array.from({ length: 6 }, async (_, nth) => {
      const admitted = await (nth % 2 === 0 ? one : other).admit({
        workspaceId,
        request: { ...request, url: `${world.service.url}/orders` },
      });
      return admitted.state === 'later' ? String(admitted.reason) : admitted.state;
    }),
  );
  // 500 left: three of those that know that it costs 150, or more of those that still believe in 50, but never more than there is.
  const went = taken.filter((state) => state === 'go').length;
  expect(went).toBeGreaterThanOrEqual(3);
  expect(taken.some((state) => state.includes('counts points'))).toBe(true);
  const { rows } = await world.pool.query('select level from provider_points');
  expect(rows[0]?.level).toBeGreaterThanOrEqual(0);
});
