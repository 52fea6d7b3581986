import { closeBreaker, letOneTry, listHeldCalls, setProviderLimits, takeHeldRings, transaction } from '@holdfast/db';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Providers } from './create-providers.ts';
import { providerWorld, workspaceId, type ProviderWorld } from './test/provider-world.ts';

let world: ProviderWorld;
beforeAll(async () => {
  world = await providerWorld();
  await asIs(`insert into flows (id, workspace_id, name, draft) values ('flow_1', $1, 'F', '{}')`, [workspaceId]);
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['held_calls', 'providers', 'throttles', 'runs']) await world.pool.query(`delete from ${table}`);
  world.service.on('/orders', { body: { ok: true } });
});

/** Without what else such a row hangs on. */
async function asIs(sql: string, values: unknown[]): Promise<void> {
  await transaction(world.pool, async (client) => {
    await client.query('set local session_replication_role = replica');
    await client.query(sql, values);
  });
}

const turns = new Map<string, Date>();
/** The call of a run that began so many seconds ago and waits since then; it was told to come so many seconds from now. */
async function hold(
  run: string,
  { sinceS, inS, goesWith = null }: { sinceS: number; inS: number; goesWith?: string | null },
): Promise<void> {
  const turn = new Date(Date.now() - sinceS * 1_000);
  turns.set(run, turn);
  await asIs(
    `insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, source, input, status, lane) values ($1, $2, 'flow_1', 'v', 'start', 'manual', '{}', 'waiting', 'temporal')`,
    [run, workspaceId],
  );
  await world.pool.query(
    `insert into held_calls (run_id, step_id, workspace_id, provider, code, since, turn, until, goes_with)
      values ($1, 'step', $2, $3, 'upstream.limited', $4, $4, now() + make_interval(secs => $5), $6)`,
    [run, workspaceId, world.key, turn, inS, goesWith],
  );
}
const admit = async (
  providers: Providers,
  run?: string,
  { wasHeld = true, ...more }: { wasHeld?: boolean; goesWith?: string; goesOn?: boolean } = {},
) => {
  const { goesWith, goesOn = false } = more;
  const turn = turns.get(run ?? '') ?? new Date();
  const caller =
    run === undefined ? undefined : { runId: run, stepId: 'step', wasHeld, turn, isUnderWay: true, ...(goesWith ? { goesWith } : {}) };
  // However long this machine took until here, those whose turn has come have only just been told.
  await world.pool.query(`update held_calls set until = now() where until between now() - interval '25 s' and now()`);
  const admitted = await providers.admit({
    workspaceId,
    request: { method: 'GET', url: `${world.service.url}/orders`, timeoutMs: 100, goesOn },
    caller,
  });
  return admitted.state;
};
/** Room for so many calls now. */
const free = (slots: number) => world.pool.query(`update provider_slots set free_at = now() - interval '1 s' where nth <= $1`, [slots]);

test('who was put off has the free slots before whoever comes now, the longest waiting first', async () => {
  await world.setLimits([{ count: 2, perMs: 3_600_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await world.call(providers);
  await hold('run_old', { sinceS: 60, inS: -1 });
  await hold('run_young', { sinceS: 30, inS: -1 });
  await free(1);
  expect(await admit(providers)).toBe('later');
  expect(await admit(providers, 'run_young')).toBe('later');
  expect(await admit(providers, 'run_old')).toBe('go');
  await free(2);
  expect(await admit(providers, 'run_young')).toBe('go');
  await free(2);
  expect(await admit(providers)).toBe('go');
});

test('a step of several calls has its place for each of them: it does not begin anew behind those that came after it', async () => {
  await world.setLimits([{ count: 1, perMs: 3_600_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await hold('run_old', { sinceS: 60, inS: -1 });
  await hold('run_young', { sinceS: 30, inS: -1 });
  await free(1);
  expect(await admit(providers, 'run_old')).toBe('go');
  await free(1);
  expect(await admit(providers, 'run_young')).toBe('go');
  await hold('run_younger', { sinceS: 10, inS: -1 });
  await free(1);
  expect(await admit(providers, 'run_old', { wasHeld: false }), 'its second call').toBe('go');
});

test('one that does not come when it is its turn holds nobody up', async () => {
  await world.setLimits([{ count: 1, perMs: 3_600_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await hold('run_gone', { sinceS: 60, inS: -30 });
  await free(1);
  expect(await admit(providers)).toBe('go');
});

test('who comes again keeps its place, and newcomers stand behind', async () => {
  await world.setLimits([{ count: 1, perMs: 60_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await hold('run_old', { sinceS: 60, inS: 120 });
  await hold('run_young', { sinceS: 30, inS: 240 });
  expect(await admit(providers, 'run_young')).toBe('later');
  expect(await admit(providers, 'run_old')).toBe('later');
  const { items } = await listHeldCalls(world.pool, { workspaceId, key: world.key, limit: 10 });
  expect(items.map(({ origin, position }) => [origin?.runId, position])).toEqual([
    ['run_old', 1],
    ['run_young', 2],
  ]);
  const [old, young] = items.map(({ until }) => Date.parse(until));
  expect((young ?? 0) - (old ?? 0)).toBeGreaterThan(30_000);
});

test('who was rung by a process that died before it rang is rung again, until it is expected no more', async () => {
  await world.setLimits([{ count: 1, perMs: 3_600_000 }]);
  await hold('run_1', { sinceS: 60, inS: 3_600 });
  await setProviderLimits(world.pool, { workspaceId, key: world.key, limits: [{ count: 10, perMs: 1_000 }], everyMs: 20 });
  await expect.poll(() => takeHeldRings(world.pool, 10)).toEqual(['run_1']);
  await world.pool.query('update held_calls set ring_at = now()');
  expect(await takeHeldRings(world.pool, 10)).toEqual(['run_1']);
  await world.pool.query(`update held_calls set ring_at = now(), until = now() - interval '2 minutes'`);
  expect(await takeHeldRings(world.pool, 10)).toEqual(['run_1']);
  expect((await world.pool.query('select ring_at from held_calls')).rows).toEqual([{ ring_at: null }]);
});

test('a higher limit, and a provider that is back, ring those who wait earlier, one after the other and in order', async () => {
  await world.setLimits([{ count: 1, perMs: 3_600_000 }]);
  for (const [nth, run] of ['run_1', 'run_2', 'run_3'].entries()) await hold(run, { sinceS: 60 - nth, inS: 3_600 * (nth + 1) });
  expect(await takeHeldRings(world.pool, 10)).toEqual([]);
  await setProviderLimits(world.pool, { workspaceId, key: world.key, limits: [{ count: 10, perMs: 1_000 }], everyMs: 3_600_000 });
  expect(await takeHeldRings(world.pool, 10)).toEqual(['run_1']);
  expect((await takeHeldRings(world.pool, 10)).filter((run) => run !== 'run_1')).toEqual([]);
  const waits = async () =>
    (
      await world.pool.query(`select round(extract(epoch from until - now()) / 3600)::int as hours from held_calls order by since`)
    ).rows.map(({ hours }) => hours);
  expect(await waits()).toEqual([0, 1, 2]);

  await world.pool.query(
    `update providers set breaker = 'open', opened_at = now(), probe_at = now() - interval '1 s', changed_at = clock_timestamp()`,
  );
  const providers = world.newProviders();
  await expect
    .poll(() =>
      world.call(providers).then(
        () => 'answered',
        () => 'not yet',
      ),
    )
    .toBe('answered');
  expect(await closeBreaker(world.pool, { workspaceId, key: world.key })).toBeNull();
  await expect.poll(async () => (await takeHeldRings(world.pool, 10)).length + (await waits()).filter((hours) => hours > 0).length).toBe(0);
});

test('calls that go together take one place, whoever of them comes, and are rung together', async () => {
  await world.setLimits([{ count: 2, perMs: 3_600_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await world.call(providers);
  for (const run of ['run_1', 'run_2', 'run_3']) await hold(run, { sinceS: 60, inS: -1, goesWith: 'sheet' });
  await hold('run_alone', { sinceS: 30, inS: -1 });
  await free(2);
  expect(await admit(providers, 'run_alone')).toBe('go');
  expect(await admit(providers, 'run_3', { goesWith: 'sheet' })).toBe('go');
  await setProviderLimits(world.pool, { workspaceId, key: world.key, limits: [{ count: 1, perMs: 3_600_000 }], everyMs: 3_600_000 });
  expect((await takeHeldRings(world.pool, 10)).toSorted()).toEqual(['run_1', 'run_2']);
});

test('work that has begun goes on before those who wait, also while nothing new is taken', async () => {
  await world.setLimits([{ count: 2, perMs: 3_600_000 }]);
  const providers = world.newProviders();
  await world.call(providers);
  await world.call(providers);
  await hold('run_old', { sinceS: 60, inS: -1 });
  await hold('run_young', { sinceS: 30, inS: 60 });
  await free(1);
  expect(await admit(providers, 'run_young', { goesOn: true })).toBe('go');
  await world.pool.query('update providers set draining_at = now(), changed_at = clock_timestamp()');
  await free(1);
  expect(await admit(world.newProviders(), 'run_young', { wasHeld: false, goesOn: true })).toBe('go');
});

test('whoever tries whether a provider is back is somebody else each time, however many stand in front; of a conversation it is the first', async () => {
  const provider = { workspaceId, key: world.key };
  await world.setLimits([]);
  for (const nth of [1, 2, 3, 4, 5, 6]) await hold(`run_${nth}`, { sinceS: 60 - nth, inS: 3_600 });
  await hold('run_later', { sinceS: 1, inS: 3_600 });
  await asIs(`update runs set conversation_id = 'cnv_1' where id = any($1)`, [['run_3', 'run_later']]);
  const tried: string[][] = [];
  for (let tries = 1; tries <= 6; tries += 1) {
    await world.pool.query('update held_calls set ring_at = null');
    await letOneTry(world.pool, { ...provider, tries, inMs: 0 });
    const { rows } = await world.pool.query<{ run: string }>(
      'select run_id as run from held_calls where ring_at is not null order by ring_at',
    );
    tried.push(rows.map(({ run }) => run));
  }
  expect(tried.map(([first = '']) => first).toSorted()).toEqual(['run_1', 'run_2', 'run_3', 'run_4', 'run_5', 'run_6']);
  expect(tried.every(([first, instead, ...more]) => instead !== first && instead !== 'run_later' && more.length === 0)).toBe(true);
});
