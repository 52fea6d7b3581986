import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteTemporalBirth } from '@holdfast/db';
import { createRinger, ingestChannelEvents, type Ringer } from '@holdfast/runs';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { cacheFolder } from '@holdfast/stack';
import { testTemporal } from '@holdfast/test-kit';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorker, type RunningWorker } from './start-worker.ts';
import { until } from './test/test-app.ts';

const people = 30;
let world: TestWorld;
let conversations: string[];
let stop: (() => Promise<void>)[];

// Runs that stand as a workflow left them, in a Temporal that has never heard of them.
beforeEach(async () => {
  world = await testWorld();
  stop = [world.close];
  await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
    configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
  });
  conversations = [];
  for (let person = 0; person < people; person++) conversations.push((await world.talk(`p${person}`, 'Hi')).conversationId);
});
afterEach(async () => {
  for (const each of stop.toReversed()) await each();
});

async function startApp(): Promise<{ ringer: Ringer; worker: RunningWorker }> {
  const temporal = await testTemporal();
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-lost-'));
  const logger = pino({ level: 'silent' });
  const worker = await startWorker({
    databaseUrl: world.url,
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace,
    dataDir,
    cacheDir: cacheFolder('workflows', process.env),
    logger,
    maxLateMs: 60_000,
  });
  const client = new Client({ connection: worker.temporal.connection, namespace: temporal.namespace });
  const ringer = createRinger({ pool: world.pool, catalog: world.deps.catalog, log: logger, temporal: () => client, sweepMs: 200 });
  stop.push(() => rm(dataDir, { recursive: true, force: true }), worker.stop, ringer.stop);
  Object.assign(world.deps.bell, ringer.bell);
  return { ringer, worker };
}

const count = async (condition: string) =>
  (await world.pool.query<{ n: number }>(`select count(*)::int as n from runs where ${condition}`)).rows[0]?.n ?? 0;

test('a Temporal database that is new has lost every run, and all go on from their journals without being asked for one by one', async () => {
  await noteTemporalBirth(world.pool, 'the-namespace-id-of-the-database-that-was-deleted', 0);
  await world.pool.query(`update temporal_birth set seen_at = now() + interval '-4 s', compared_at = 'infinity'`);
  await world.pool.query(`update runs set updated_at = now() - interval '5 s'`);
  await startApp();
  await until(
    () => count(`lane = 'temporal' and epoch = 2`),
    (n) => n === people,
  );
  const causes = await world.pool.query(
    `select entry ->> 'cause' as cause, count(*)::int from journal where kind = 'handed-over' group by 1`,
  );
  expect(causes.rows).toEqual([{ cause: 'temporal-lost', count: people }]);
  await world.say('p7', 'order 7');
  await until(
    () => world.sent(conversations[7] ?? ''),
    (sent) => sent.length === 2,
  );
  expect(await world.sent(conversations[7] ?? '')).toEqual(['Which order?', 'Got order 7']);
});

test('who writes to a run whose turn to be started anew has not come is answered all the same, also when nobody rang', async () => {
  // No time at all: what has one is hurried when Temporal was silent for some seconds, as on a machine that stalls.
  await world.pool.query(`update runs set lane = 'handover', owner = null, epoch = 2, ring_at = null, ring_attempts = 0`);
  await startApp();
  await world.say('p3', 'order 3');
  const deaf = { ...world.deps, bell: { ...world.deps.bell, conversation: () => undefined, doorbell: () => undefined } };
  await ingestChannelEvents(deaf, world.channel, [world.event('p4', 'order 4')]);
  for (const person of [3, 4])
    await until(
      () => world.sent(conversations[person] ?? ''),
      (sent) => sent.length === 2 && sent[1] === `Got order ${person}`,
    );
  expect(await count(`lane = 'handover' and ring_attempts = 0`)).toBe(people - 2);
});

test('runs whose workflows are missing in a Temporal that is not new are found in its list, and the others are left alone', async () => {
  const { ringer } = await startApp();
  const { runId: living } = await world.talk('p-new', 'Hi').catch(async () => {
    const [run] = (await world.pool.query(`select id from runs where conversation_id not in (select unnest($1::text[]))`, [conversations]))
      .rows;
    return { runId: String(run?.id) };
  });
  await until(
    () => count(`id = '${living}' and lane = 'temporal' and status = 'waiting'`),
    (n) => n === 1,
  );
  await world.pool.query(`update runs set updated_at = now() - interval '1 minute'`);
  await world.pool.query(`update temporal_birth set compared_at = 'epoch'`);
  await ringer.sweep();
  await until(
    () => count(`lane = 'temporal' and epoch = 2`),
    (n) => n === people,
  );
  expect(await world.run(living)).toMatchObject({ epoch: 1, lane: 'temporal' });
});
