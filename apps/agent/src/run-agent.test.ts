import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { defaultLimits, type AgentQuestion, type AgentResult, type AgentWork } from '@holdfast/egress';
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { AgentEnd } from './exit-codes.ts';
import { openJournal, type Journal } from './journal.ts';
import { runAgent } from './run-agent.ts';
import type { ServerLine } from './server-line.ts';

let dataDir: string;
let journal: Journal;
const asked: AgentQuestion[] = [];
const told: AgentResult[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-agent-'));
  journal = await openJournal(dataDir, 'token');
  asked.length = 0;
  told.length = 0;
  return () => rm(dataDir, { recursive: true });
});

/** Its host stands on nobody's list, so nothing is dialled. */
const call = (id: string, leftMs = 60_000): AgentWork['calls'][number] => ({
  id,
  epoch: 1,
  leftMs,
  call: {
    url: 'http://erp.internal/orders',
    method: 'POST',
    headers: {},
    secretHeaders: {},
    body: null,
    isIdempotent: false,
    hosts: [],
    limits: { ...defaultLimits, totalMs: 60_000 },
  },
});

/** An agent whose questions are answered with one piece of work after the other, and then not any more. */
function start({ work, tell, own = journal }: { work: AgentWork['calls'][]; tell: ServerLine['tell']; own?: Journal }) {
  const line: ServerLine = {
    ask: async (question, signal) => {
      asked.push(question);
      const calls = question.room === 0 ? [] : work.shift();
      if (calls) return { agent: 'Warehouse', calls };
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))));
    },
    tell,
  };
  const identity = { instance: 'i', boot: 1, process: 'p', machine: 'm' };
  const settings = { allow: ['other:80'], concurrency: 8, dataDir };
  return runAgent({ settings, identity, journal: own, line, log: pino({ level: 'silent' }), version: '0' });
}

test('an agent that ends while it is writing down a call does not say that it was never begun: somebody else would make it, too', async () => {
  const begins = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow: Journal = {
    ...journal,
    begin: async (id, epoch) => {
      if (id !== 'B') return journal.begin(id, epoch);
      begins.resolve();
      await written.promise;
      return journal.begin(id, epoch);
    },
  };
  const agent = start({
    work: [[call('A')], [call('B')]],
    own: slow,
    tell: async () => {
      await begins.promise;
      throw new AgentEnd('token', 'It was revoked.');
    },
  });
  const ended = agent.ended.then(
    () => null,
    (error: unknown) => error,
  );
  await begins.promise;
  // All that its end does without waiting for the disk is done.
  await turn();
  await turn();
  written.resolve();
  expect(await ended).toBeInstanceOf(AgentEnd);
  expect(asked.at(-1)?.known).toEqual(['A', 'B']);
});

test('a call that it comes to when nobody waits any more is not made', async () => {
  const agent = start({
    work: [[call('late', 0)]],
    tell: async (result) => {
      told.push(result);
      agent.stop();
      return 'kept';
    },
  });
  await agent.ended;
  expect(told).toMatchObject([
    { id: 'late', outcome: { state: 'failed', code: 'upstream.unreachable', detail: expect.stringContaining('too late') } },
  ]);
});
