import { HoldfastError } from '@holdfast/errors';
import { startManualRun } from '@holdfast/runs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, type TestApp } from './test/test-app.ts';

let app: TestApp;
/** Statements that reached the database, and how many answers get lost after it did what they say. */
let asked: string[] = [];
let lost = 0;

beforeAll(async () => {
  app = await testApp({
    lane: 'express',
    alter: (deps) => ({
      ...deps,
      openCredential: async () => {
        const url = new URL(app.world.url);
        const server = { host: url.hostname, port: url.port, database: url.pathname.slice(1), user: decodeURIComponent(url.username) };
        return {
          kind: 'postgresql',
          name: 'Shop',
          settings: { ...server, tls: 'off', writing: 'allowed', network: 'inside' },
          provider: 'postgresql:shop',
          allowedHosts: [],
          secret: { password: decodeURIComponent(url.password) },
        };
      },
      databases: {
        ...deps.databases,
        query: async (call) => {
          asked.push(call.request.sql);
          const answer = await deps.databases?.query(call);
          if (!answer) throw new Error('These deps have databases.');
          if (call.request.operation === 'query' || lost === 0) return answer;
          lost -= 1;
          throw new HoldfastError('upstream.ambiguous', { detail: 'The answer got lost.' });
        },
      },
    }),
  });
  await app.world.pool.query('create table kept_orders (key text primary key, number text not null)');
});
afterAll(() => app.close());

const insert = 'insert into kept_orders (key, number) values (:step_key, :number)';
async function run(number: string, change: object = {}) {
  asked = [];
  const { world } = app;
  const credential = 'cred_shop';
  const values = [{ name: 'number', value: number, as: 'text' }];
  const { flowId } = await world.publish('start:webhook-trigger.received -> change:database.done -> look:database.found -> done:end', {
    configs: {
      start: { path: `shop-${number}` },
      change: { operation: 'change', credential, sql: insert, values, tries: 'own', firstDelay: '1s', ...change },
      look: { credential, sql: 'select number from kept_orders where number = :number', values },
    },
  });
  return (await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: {} })).runId;
}
const rows = async (number: string) => (await app.world.pool.query('select 1 from kept_orders where number = $1', [number])).rowCount;
const output = async (runId: string, node: string) =>
  (await app.world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === node);

test('rows are changed and read, and stand in the run', async () => {
  const runId = await run("A'1");
  await expect.poll(async () => (await app.world.run(runId)).outcome).toBe('done');
  expect(await output(runId, 'change')).toMatchObject({ port: 'done', output: { count: 1, refusal: null } });
  expect(await output(runId, 'look')).toMatchObject({ port: 'found', output: { first: { number: "A'1" }, truncated: false } });
});

test('a change whose fate nobody knows goes to a person, and is not made again', async () => {
  lost = 1;
  const runId = await run('B-1');
  await expect.poll(async () => (await app.world.run(runId)).status).toBe('attention');
  expect(asked).toEqual([insert]);
  expect(await rows('B-1')).toBe(1);
});

test('one that may be made twice is made again, under the same key', async () => {
  lost = 1;
  const sql = `${insert} on conflict (key) do update set number = excluded.number`;
  const runId = await run('C-1', { sql, repeatable: true });
  await expect.poll(async () => (await app.world.run(runId)).outcome).toBe('done');
  expect(asked.filter((one) => one === sql)).toHaveLength(2);
  expect(await rows('C-1')).toBe(1);
});
