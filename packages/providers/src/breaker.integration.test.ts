import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';
import type { Provider } from './provider-of.ts';

let world: ProviderWorld;
const told: string[] = [];
const news = {
  opened: async ({ name }: Provider) => void told.push(`${name} is down`),
  closed: async ({ name }: Provider) => void told.push(`${name} is back`),
};
beforeAll(async () => {
  world = await providerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.pool.query('delete from providers');
  told.length = 0;
});

/** Whose probes are due only when a test says so. */
const newProviders = () => world.newProviders({ news, firstProbeMs: 3_600_000 });
const fail = (times: number) =>
  Array.from({ length: times }, () =>
    world.call(failing).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    ),
  );
let failing: ReturnType<ProviderWorld['newProviders']>;
/** The next probe is due now. */
const letProbe = () => world.pool.query(`update providers set probe_at = now() - interval '1 s', changed_at = clock_timestamp()`);

test('opens for all processes when half of the calls of a minute failed, tells people once, and closes when one probe is answered', async () => {
  failing = newProviders();
  const other = newProviders();
  world.service.on('/orders', { status: 500 });
  expect(new Set(await Promise.all(fail(10)))).toEqual(new Set(['upstream.broken']));
  expect(await world.row()).toMatchObject({ breaker: 'open', opens: 1 });
  expect(told).toEqual([`127.0.0.1:${world.service.port} is down`]);

  const before = world.service.received.length;
  await expect.poll(() => world.call(other).catch((error: Error) => error.message)).toBe('later: upstream.down');
  await expect(world.call(other, { hasFallback: true })).rejects.toMatchObject({ code: 'upstream.down' });

  // Of many that come when the probe is due, one goes, and it finds the service still down.
  await letProbe();
  const third = newProviders();
  const outcomes = await Promise.all(
    [failing, other, third, third, other].map((providers) =>
      world.call(providers).catch((error: { code?: string; message: string }) => error.code ?? error.message),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'upstream.broken')).toEqual(['upstream.broken']);
  expect(world.service.received.length - before).toBe(1);

  world.service.on('/orders', { body: { ok: true } });
  await letProbe();
  await expect
    .poll(() =>
      world.call(third).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  expect(await world.row()).toMatchObject({ breaker: 'closed', opens: 0 });
  expect(told.at(-1)).toBe(`127.0.0.1:${world.service.port} is back`);
  await expect
    .poll(() =>
      world.call(other).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});

test('what the service refuses is no failure of it', async () => {
  failing = newProviders();
  world.service.on('/orders', { status: 404 });
  await Promise.all(fail(12));
  world.service.on('/orders', { status: 429 });
  await Promise.all(fail(12));
  expect((await world.row())['breaker']).toBe('closed');
});

test('a call waits an hour for what is down, whatever else it waited for before', async () => {
  failing = newProviders();
  world.service.on('/orders', { status: 500 });
  await Promise.all(fail(10));
  const client = await world.pool.connect();
  // Its run is not needed here.
  await client.query('begin; set local session_replication_role = replica');
  await client.query(
    `insert into held_calls (run_id, step_id, workspace_id, provider, code, since, until) values ('run_1', 'step_1', $1, $2, 'upstream.paused', now() - interval '3 hours', now())`,
    [workspaceId, world.key],
  );
  await client.query('commit');
  client.release();
  const ask = () =>
    failing.admit({
      workspaceId,
      request: { method: 'GET', url: `${world.service.url}/orders` },
      caller: { runId: 'run_1', stepId: 'step_1', wasHeld: true, turn: new Date(), isUnderWay: true },
    });
  expect(await ask()).toMatchObject({ state: 'later', code: 'upstream.down' });
  await world.pool.query(`update held_calls set since = now() - interval '3 hours'`);
  await expect(ask()).rejects.toMatchObject({ code: 'upstream.down' });
});

test('another workspace’s calls to the same service are its own', async () => {
  failing = newProviders();
  world.service.on('/orders', { status: 500 });
  await Promise.all(fail(10));
  const admitted = await failing.admit({ workspaceId: 'ws_2', request: { method: 'GET', url: `${world.service.url}/orders` } });
  expect(admitted.state).toBe('go');
  expect(await failing.admit({ workspaceId, request: { method: 'GET', url: `${world.service.url}/orders` } })).toMatchObject({
    state: 'later',
    code: 'upstream.down',
  });
});

test('what a person tries by hand counts in its limits alone: it goes although the provider is left alone, and neither opens nor closes it', async () => {
  const providers = newProviders();
  const request = { method: 'GET', url: `${world.service.url}/orders`, timeoutMs: 60_000 };
  const tried = async () => {
    const admitted = await providers.admit({ workspaceId, request, isTrial: true });
    if (admitted.state !== 'go') return admitted.state;
    return admitted.send().then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
  };
  world.service.on('/orders', { status: 500 });
  for (let nth = 0; nth < 12; nth += 1) expect(await tried()).toBe('upstream.broken');
  await providers.close();
  expect(await world.row()).toBeUndefined();
  failing = providers;
  await Promise.all(fail(10));
  await letProbe();
  expect(await tried()).toBe('upstream.broken');
  world.service.on('/orders', { body: {} });
  expect(await tried()).toBe('answered');
  expect(await world.row()).toMatchObject({ breaker: 'open', opens: 1 });
  expect(told).toHaveLength(1);

  await world.setLimits([{ count: 1, perMs: 60_000 }]);
  const other = newProviders();
  const trial = () => other.admit({ workspaceId, request, isTrial: true });
  expect((await trial()).state).toBe('go');
  expect(await trial()).toMatchObject({ state: 'later', code: 'upstream.limited' });
});
