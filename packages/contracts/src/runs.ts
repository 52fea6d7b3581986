import { flowFile, journalEntry } from '@holdfast/graph';
import { jsonObject, jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, id, idParams, page, pageQuery, problem } from './shared.ts';

export const runStatus = z.enum(['running', 'waiting', 'paused', 'attention', 'ended']);
export const runSummary = z.object({
  id,
  flow: z.object({ id, name: z.string() }),
  version: z.object({ id, number: z.number().int() }),
  status: runStatus,
  outcome: z.enum(['done', 'stopped', 'failed']).nullable(),
  source: z.enum(['channel', 'webhook', 'schedule', 'connection', 'manual']),
  contact: z.object({ id, name: z.string() }).nullable(),
  conversation: z.string().nullable(),
  /** Why it stands still, in words; with the step's name. */
  cause: problem.extend({ node: z.string().optional(), nodeName: z.string().optional() }).nullable(),
  waitingFor: z.string().nullable(),
  wakeAt: at.nullable(),
  /** Who works on it now: `queued` waits for room, `handover` for its start in Temporal. */
  lane: z.enum(['queued', 'express', 'handover', 'temporal', 'ended']),
  beganIn: z.enum(['express', 'temporal']),
  /** A webhook's delivery that a person let begin again: the run that it began the first time. */
  replayOf: id.nullable(),
  startedAt: at,
  endedAt: at.nullable(),
  durationMs: z.number().nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runStep = z.object({
  step: id,
  node: z.string(),
  nodeName: z.string(),
  type: z.string(),
  status: z.enum(['running', 'waiting', 'retrying', 'failed', 'done', 'skipped']),
  visit: z.number().int(),
  attempts: z.number().int(),
  maxAttempts: z.number().int().nullable(),
  port: z.string().nullable(),
  input: jsonObject.nullable(),
  output: jsonValue,
  problem: problem.nullable(),
  facts: jsonObject,
  by: z.string().nullable(),
  startedAt: at,
  endedAt: at.nullable(),
  deadlineAt: at.nullable(),
  retryAt: at.nullable(),
  edge: z.string().nullable(),
});
export type RunStep = z.infer<typeof runStep>;

/** A sentence of the run's timeline is made in the reader's language from these. */
export const timelineEntry = z.object({ seq: z.number(), at, entry: journalEntry, nodeName: z.string().nullable() });

export const sendSummary = z.object({
  message: id,
  text: z.string(),
  state: z.string(),
  node: z.string().nullable(),
  problem: problem.nullable(),
  at,
});
/** What became of a call that a step kept for later. */
export const keptSummary = z.object({
  id,
  step: z.string(),
  provider: z.string(),
  state: z.enum(['waiting', 'dispatching', 'delivered', 'stopped', 'discarded']),
  attempts: z.number().int(),
  settledAt: at.nullable(),
  settledBy: z.string().nullable(),
  status: z.number().int().nullable(),
  problem: problem.nullable(),
});
export type KeptSummary = z.infer<typeof keptSummary>;
/** What a step of the run made; it goes with the run. */
export const runFile = z.object({ id, name: z.string(), mimeType: z.string(), sizeBytes: z.number().int(), step: z.string() });
export const runDetail = runSummary.extend({
  file: flowFile,
  trigger: jsonObject,
  result: jsonValue,
  steps: z.array(runStep),
  timeline: z.array(timelineEntry),
  sends: z.array(sendSummary),
  keptCalls: z.array(keptSummary),
  files: z.array(runFile),
  epoch: z.number().int(),
  /** When and why it went to another owner: wait, retry, slow, later, override, attention, budget, shutdown, owner-lost, temporal-lost. */
  handovers: z.array(z.object({ at, cause: z.string() })),
  /** Overrides that wait for the run's owner. */
  pendingOverrides: z.array(z.object({ id, action: z.string(), by: z.string(), at })),
});
export type RunDetail = z.infer<typeof runDetail>;

export const overrideBody = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('pause'), note: z.string().max(500).optional() }),
  z.strictObject({ action: z.literal('resume'), note: z.string().max(500).optional() }),
  z.strictObject({ action: z.literal('retry'), node: z.string().optional(), note: z.string().max(500).optional() }),
  z.strictObject({
    action: z.literal('skip'),
    node: z.string(),
    port: z.string(),
    output: jsonValue.optional(),
    note: z.string().max(500).optional(),
  }),
  z.strictObject({ action: z.literal('edit'), data: jsonObject, note: z.string().max(500).optional() }),
  z.strictObject({ action: z.literal('jump'), node: z.string(), note: z.string().max(500).optional() }),
  z.strictObject({ action: z.literal('end'), note: z.string().max(500).optional() }),
]);
export type OverrideBody = z.infer<typeof overrideBody>;
export const overrideAnswer = z.object({ id, state: z.enum(['applied', 'accepted', 'refused']), detail: z.string(), run: runStatus });

/** Runs that need attention and stopped for the same cause. */
export const attentionCause = z.object({
  key: z.string(),
  code: z.string(),
  title: z.string(),
  /** Of the one that stopped last. */
  detail: z.string(),
  hint: z.string().nullable(),
  flows: z.array(z.object({ id, name: z.string() })),
  /** Null when they stand at different steps, which use the same connection. */
  step: z.object({ flow: id, version: id, versionNumber: z.number().int(), node: z.string(), name: z.string() }).nullable(),
  credential: z.object({ id, name: z.string(), kind: z.string() }).nullable(),
  count: z.number().int(),
  firstAt: at,
  lastAt: at,
  /** The run that stopped last. */
  example: id,
});
export type AttentionCause = z.infer<typeof attentionCause>;

const runsQuery = z.strictObject({
  ...pageQuery,
  status: z.union([runStatus, z.literal('open')]).optional(),
  flow: id.optional(),
  conversation: id.optional(),
  from: at.optional(),
  to: at.optional(),
  search: z.string().max(200).optional(),
  cause: z.string().max(300).optional(),
});

export const runs = {
  listRuns: endpoint({
    method: 'GET',
    path: '/api/runs',
    summary: 'Runs, newest first',
    permission: 'runs.read',
    query: runsQuery,
    response: page(runSummary),
  }),
  runCounts: endpoint({
    method: 'GET',
    path: '/api/runs/counts',
    summary: 'How many runs stand where; attention grouped by cause',
    permission: 'runs.read',
    response: z.object({
      byStatus: z.record(z.string(), z.number().int()),
      causes: z.array(attentionCause),
    }),
  }),
  getRun: endpoint({
    method: 'GET',
    path: '/api/runs/:id',
    summary: 'A run on its exact version',
    permission: 'runs.read',
    params: idParams,
    response: runDetail,
  }),
  getSteps: endpoint({
    method: 'GET',
    path: '/api/runs/:id/steps',
    summary: 'The steps of a run',
    permission: 'runs.read',
    params: idParams,
    response: z.object({ items: z.array(runStep) }),
  }),
  overrideRun: endpoint({
    method: 'POST',
    path: '/api/runs/:id/override',
    summary: 'Pause, resume, retry, skip, edit, jump or end; 200 when applied within 5 s, else 202',
    permission: 'runs.override',
    params: idParams,
    body: overrideBody,
    response: overrideAnswer,
  }),
  settleSend: endpoint({
    method: 'POST',
    path: '/api/sends/:id/settle',
    summary: 'A person says what became of a send whose fate is unknown',
    permission: 'runs.override',
    params: idParams,
    body: z.strictObject({ settle: z.enum(['arrived', 'send-again']) }),
    response: sendSummary,
  }),
};
