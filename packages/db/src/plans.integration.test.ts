import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as db from './index.ts';
import type { Queryable } from './pool.ts';
import { fillWithHistory } from './test/crowd.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await fillWithHistory(database.pool);
}, 120_000);
afterAll(() => database.close());

const run = 'run_099000';
const hold = { runId: run, epoch: 1, owner: 'owner_1' };
const append = { hold, known: 3, entries: [], settlements: [], kept: [] };
const standing = { status: 'waiting', waitingFor: 'reply', wakeAt: null, cause: null } as const;
const fresh = { id: 'run_new', workspaceId: 'ws', flowId: 'flow_1', versionId: 'v', triggerNodeId: 'start', source: 'webhook', conversationId: null, contactId: null, input: {} } as const; // prettier-ignore
const started = { kind: 'run-started', at: '2026-11-23T10:00:00.000Z', node: 'start', step: 's', port: 'received', input: {} } as const;

/** What every message, call and step costs, and what sweeps ask again and again. */
const hot: Record<string, (queries: Queryable) => Promise<unknown>> = {
  findWebhookTrigger: (q) => db.findWebhookTrigger(q, 'orders'),
  insertRun: (q) => db.insertRun(q, fresh, started, { lane: 'express', owner: 'me' }),
  adoptRun: (q) => db.adoptRun(q, hold),
  appendJournal: (q) => db.appendJournal(q, append),
  saveRunStanding: (q) => db.saveRunStanding(q, append, standing),
  handOverRun: (q) => db.handOverRun(q, append, standing),
  endRun: (q) => db.endRun(q, append, { outcome: 'done', result: null, tooLate: null }),
  journalAfter: (q) => db.journalAfter(q, run, 1),
  findRunResult: (q) => db.findRunResult(q, run),
  listStoppedRuns: (q) => db.listStoppedRuns(q, [run]),
  lockConversation: (q) => db.lockConversation(q, 'conv_7'),
  openRunsOfConversation: (q) => db.openRunsOfConversation(q, 'conv_7'),
  pendingInbox: (q) => db.pendingInbox(q, 'conv_7'),
  wakeConversation: (q) => db.wakeConversation(q, 'conv_7'),
  dueConversations: (q) => db.dueConversations(q, 10_000),
  stuckConversations: (q) => db.stuckConversations(q, 2_500),
  takeDueRuns: (q) => db.takeDueRuns(q, 40),
  takeDueRun: (q) => db.takeDueRun(q, run),
  countStarting: (q) => db.countStarting(q, 160),
  claimQueuedRuns: (q) => db.claimQueuedRuns(q, 'me', 25),
  takeOverExpressRuns: (q) => db.takeOverExpressRuns(q, 200),
  takeOverForgottenRuns: (q) => db.takeOverForgottenRuns(q, { owner: 'owner_1', executing: [] }),
  takeOverLostRuns: (q) => db.takeOverLostRuns(q, 500),
  runsInTemporal: (q) => db.runsInTemporal(q, { after: '', limit: 1_000, idleMs: 15_000 }),
  unheardRuns: (q) => db.unheardRuns(q, 2_500),
  dueHumanSends: (q) => db.dueHumanSends(q, 20),
  countGauges: (q) => db.countGauges(q),
};

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Total Cost': number;
  Plans?: PlanNode[];
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const small = new Set(['workspaces', 'channels', 'flows', 'versions', 'triggers', 'leases', 'temporal_birth', 'variables']);

async function plansOf(ask: (queries: Queryable) => Promise<unknown>): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  const explaining = {
    query: async (asked: string | { text: string; values: unknown[] }, given?: unknown[]) => {
      const { text, values } = typeof asked === 'string' ? { text: asked, values: given ?? [] } : asked;
      const answer = await database.pool.query(`explain (format json) ${text}`, values);
      plans.push(answer.rows[0]['QUERY PLAN'][0].Plan);
      return { rows: [], rowCount: 0 };
    },
  };
  await ask(explaining as unknown as Queryable).catch(() => undefined); // as: what a query function does with no rows is not asked here
  return plans;
}

test.each(Object.entries(hot))('%s reads no large table from end to end, with 100,000 runs', async (name, ask) => {
  const plans = await plansOf(ask);
  expect(plans.length).toBeGreaterThan(0);
  const scanned = plans.flatMap(nodesOf).filter((node) => node['Node Type'] === 'Seq Scan' && !small.has(node['Relation Name'] ?? ''));
  expect(scanned.map((node) => node['Relation Name'])).toEqual([]);
  if (process.env['SHOW_PLANS']) console.log(name, Math.round(Math.max(...plans.map((plan) => plan['Total Cost'])))); // oxlint-disable-line no-console
});
