import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRinger, startManualRun } from '@holdfast/runs';
import { testWorld } from '@holdfast/runs/test-world';
import { ensureTemporalBinary, startTemporal } from '@holdfast/stack';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startExecution } from './start-execution.ts';
import { startWorker } from './start-worker.ts';
import { until } from './test/test-app.ts';

const asking = 70;
const timing = 30;

test('when Temporal comes back without its database, a hundred waiting runs of both lanes go on from their journals, and nobody is asked twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-lost-'));
  const binary = await ensureTemporalBinary({ onProgress: () => undefined });
  const dbFile = join(folder, 'temporal.db');
  let temporal = await startTemporal({ binary, dbFile });
  const world = await testWorld();
  const logger = pino({ level: 'silent' });
  const execution = startExecution({ databaseUrl: world.url, dataDir: folder, logger, kind: 'app', maxLateMs: 60_000 });
  const worker = await startWorker({ databaseUrl: world.url, temporalAddress: temporal.address, dataDir: folder, logger, execution });
  const client = new Client({ connection: worker.temporal.connection });
  const { express } = execution;
  const ringer = createRinger({
    pool: world.pool,
    catalog: world.deps.catalog,
    log: logger,
    temporal: () => client,
    express,
    sweepMs: 200,
  });
  execution.useBell(ringer.bell);
  Object.assign(world.deps.bell, ringer.bell);
  const count = async (where: string) =>
    (await world.pool.query<{ n: number }>(`select count(*)::int as n from runs where ${where}`)).rows[0]?.n ?? 0;
  const reach = (where: string, wanted: number) =>
    until(
      () => count(where),
      (n) => n === wanted,
      { timeoutMs: 120_000 },
    );
  try {
    await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
    });
    const { flowId } = await world.publish('start:webhook-trigger.received -> later:wait.done -> done:end', {
      configs: { start: { path: 'later' }, later: { duration: '15s' }, done: { result: 'text', text: 'rang' } },
    });
    const people = Array.from({ length: asking }, (_, index) => `p${index}`);
    const conversations = await Promise.all(people.map(async (person) => (await world.say(person, 'Hi')).conversationId ?? ''));
    const begin = { ...world.deps, bell: ringer.bell, express, forcedLane: null };
    for (let run = 0; run < timing; run++) await startManualRun(begin, { workspaceId: world.workspaceId, flowId, input: {} });
    // A slow machine may come to this only when some have rung.
    await reach(`lane = 'temporal' and status = 'waiting' or outcome = 'done'`, asking + timing);

    await temporal.stop();
    await rm(dbFile, { force: true });
    // Written while Temporal is away.
    const early = people.slice(0, 40);
    await Promise.all(early.map((person) => world.say(person, `order of ${person}`)));
    const { rows } = await world.pool.query<{ now: Date }>('select now()');
    temporal = await startTemporal({ binary, dbFile, port: temporal.port });

    await reach(`outcome = 'done'`, early.length + timing);
    await reach(`lane = 'temporal' and status = 'waiting' and waiting_for = 'reply' and epoch > 1`, asking - early.length);
    await Promise.all(people.slice(40).map((person) => world.say(person, `order of ${person}`)));
    await reach(`outcome = 'done'`, asking + timing);
    for (const [index, id] of conversations.entries())
      expect(await world.sent(id)).toEqual(['Which order?', `Got order of ${people[index]}`]);
    expect(await count(`result = '"rang"'`)).toBe(timing);
    const handedOver = await world.pool.query<{ lost: number; others: number }>(
      `select count(distinct run_id) filter (where entry ->> 'cause' = 'temporal-lost')::int as lost,
        count(distinct run_id) filter (where entry ->> 'cause' <> 'temporal-lost')::int as others from journal where kind = 'handed-over'`,
    );
    expect(handedOver.rows[0]?.lost).toBeGreaterThanOrEqual(asking);
    expect(handedOver.rows[0]?.others).toBe(timing);
    const forgotten = await world.pool.query(
      `select id from runs where ended_at > $1 and id not in (select run_id from journal where entry ->> 'cause' = 'temporal-lost')`,
      [rows[0]?.now],
    );
    expect(forgotten.rows).toEqual([]);
  } finally {
    await ringer.stop();
    await worker.stop();
    await execution.stop();
    await temporal.stop();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
