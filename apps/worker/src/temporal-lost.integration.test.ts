import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRinger } from '@holdfast/runs';
import { testWorld } from '@holdfast/runs/test-world';
import { ensureTemporalBinary, startTemporal } from '@holdfast/stack';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startWorker } from './start-worker.ts';
import { until } from './test/test-app.ts';

test('when Temporal comes back without its database, every open run goes on from its journal, and nobody is asked twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-lost-'));
  const binary = await ensureTemporalBinary({ onProgress: () => undefined });
  const dbFile = join(folder, 'temporal.db');
  let temporal = await startTemporal({ binary, dbFile });
  const world = await testWorld();
  const logger = pino({ level: 'silent' });
  const worker = await startWorker({ databaseUrl: world.url, temporalAddress: temporal.address, dataDir: folder, logger });
  const client = new Client({ connection: worker.temporal.connection });
  const ringer = createRinger({ pool: world.pool, catalog: world.deps.catalog, log: logger, temporal: () => client, sweepMs: 200 });
  Object.assign(world.deps.bell, ringer.bell);
  try {
    await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
    });
    const people = ['a', 'b', 'c', 'd', 'e'];
    const conversations = await Promise.all(people.map(async (person) => (await world.say(person, 'Hi')).conversationId ?? ''));
    const count = async (sql: string) => (await world.pool.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
    await until(
      () => count(`select count(*)::int as n from runs where status = 'waiting' and waiting_for = 'reply'`),
      (n) => n === 5,
    );

    await temporal.stop();
    await rm(dbFile, { force: true });
    // Written while Temporal is away.
    await Promise.all(people.map((person) => world.say(person, `order of ${person}`)));
    temporal = await startTemporal({ binary, dbFile, port: temporal.port });

    await until(
      () => count(`select count(*)::int as n from runs where status = 'ended'`),
      (n) => n === 5,
      60_000,
    );
    for (const [index, id] of conversations.entries())
      expect(await world.sent(id)).toEqual(['Which order?', `Got order of ${people[index]}`]);
    expect(await count('select count(*)::int as n from runs where epoch > 1')).toBe(5);
  } finally {
    await ringer.stop();
    await worker.stop();
    await temporal.stop();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
