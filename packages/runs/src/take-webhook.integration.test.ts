import { HoldfastError } from '@holdfast/errors';
import { newId, type Pool } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunsDeps } from './deps.ts';
import { takeWebhook, type WebhookKnock } from './take-webhook.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let deps: RunsDeps;
let asked: string[] = [];
beforeAll(async () => {
  world = await testWorld();
  // The names of what is asked of PostgreSQL; everything of a call's own way has one.
  const pool: Pool = new Proxy(world.pool, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (key !== 'query') return value.bind(target);
      return (...args: unknown[]) => {
        const [given] = args;
        if (typeof given === 'object' && given !== null && 'name' in given) asked.push(String(given.name));
        return Reflect.apply(value, target, args);
      };
    },
  });
  deps = { ...world.deps, pool };
});
afterAll(() => world.close());

async function knock(path: string, messageId: string | null, admit?: WebhookKnock['admit']) {
  asked = [];
  const taken = await takeWebhook(deps, {
    path,
    method: 'POST',
    admit: admit ?? (() => ({ input: { headers: {}, query: {}, body: { n: 1 } }, messageId })),
  });
  return { taken, asked: [...asked] };
}

const publish = (path: string, config: object = {}) =>
  world.publish('start:webhook-trigger.received -> done:end', { configs: { start: { path, ...config } } });

async function addSecret(): Promise<string> {
  const id = newId('credential');
  await world.pool.query(
    `insert into credentials (id, workspace_id, name, kind, secret, key_id) values ($1, $2, 'Shop', 'signing', decode(md5($1), 'hex'), 'k')`,
    [id, world.workspaceId],
  );
  return id;
}

test('a call at a known address is one round trip, proven, with an id or without', async () => {
  const credential = await addSecret();
  await publish('plain');
  await publish('proven', { proof: 'standard', credential });
  expect((await knock('plain', null)).asked).toEqual(['find-webhook-trigger', 'insert-run-at-path']);
  expect((await knock('plain', null)).asked).toEqual(['insert-run-at-path']);
  expect((await knock('plain', 'm-1')).asked).toEqual(['insert-run-at-path-once']);
  await knock('proven', null);
  expect((await knock('proven', null)).asked).toEqual(['insert-run-at-path-proven']);
  expect((await knock('proven', 'm-1')).asked).toEqual(['insert-run-at-path-proven-once']);
});

test('the second call under one id is told of the first one’s run; another trigger may have the same id', async () => {
  await publish('once');
  await publish('once-too');
  const first = await knock('once', 'm-7');
  const second = await knock('once', 'm-7');
  const other = await knock('once-too', 'm-7');
  expect(second.taken).toMatchObject({ state: 'run', isRepeated: true, runId: first.taken.state === 'run' ? first.taken.runId : '' });
  expect(other.taken).toMatchObject({ state: 'run', isRepeated: false });
  expect(
    (
      await world.pool.query(
        `select count(*)::int as n from journal where entry ->> 'kind' = 'run-started' and run_id in (select id from runs where delivery_id = 'm-7')`,
      )
    ).rows,
  ).toEqual([{ n: 2 }]);
});

test('a secret that was changed is noticed by the statement that writes', async () => {
  const credential = await addSecret();
  await publish('changing', { proof: 'standard', credential });
  const seen: string[] = [];
  const admit: WebhookKnock['admit'] = (trigger) => {
    seen.push(trigger.credential?.secret.toString('hex') ?? 'none');
    return { input: { headers: {}, query: {}, body: null }, messageId: null };
  };
  await knock('changing', null, admit);
  await world.pool.query(`update credentials set secret = '\\x00' where id = $1`, [credential]);
  const { asked: queries } = await knock('changing', null, admit);
  expect(queries).toEqual(['insert-run-at-path-proven', 'find-webhook-trigger', 'insert-run-at-path-proven']);
  expect(seen.at(-1)).toBe('00');
  await world.pool.query('delete from credentials where id = $1', [credential]);
  await knock('changing', null, admit);
  expect(seen.at(-1)).toBe('none');
});

test('a refused call writes no run, and is counted once for many', async () => {
  const { flowId } = await publish('refusing');
  const refuse: WebhookKnock['admit'] = () => {
    throw new HoldfastError('auth.signature', { detail: 'The signature does not fit.' });
  };
  for (let time = 0; time < 5; time += 1) await expect(knock('refusing', null, refuse)).rejects.toMatchObject({ code: 'auth.signature' });
  const rows = async () => (await world.pool.query('select detail, node_id from webhook_refusals where flow_id = $1', [flowId])).rows;
  await expect.poll(rows).toContainEqual({ detail: 'The signature does not fit.', node_id: 'start' });
  expect((await world.pool.query('select count(*)::int as n from runs where flow_id = $1', [flowId])).rows).toEqual([{ n: 0 }]);
});
