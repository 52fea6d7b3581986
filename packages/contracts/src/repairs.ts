import { jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, problem } from './shared.ts';

const causeKey = z.string().min(1).max(300);
/** Where a value stands that later steps read: `trigger.body.currency`, `nodes.lookup.body.total`. */
const field = z
  .string()
  .max(300)
  .regex(/^(trigger|nodes\.[a-zA-Z0-9_-]{1,64})([.[].+)$/, 'Name a value, such as trigger.body.currency');

export const repairAct = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('retry'),
    /** One value, replaced by a literal before the step is tried again; only where it is `from`, if that is given. */
    edit: z.strictObject({ field, from: jsonValue.optional(), to: jsonValue }).optional(),
    /** Also calls that may have been carried out already. */
    ambiguous: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('skip'), port: z.string().min(1).max(64), output: jsonValue.optional() }),
  z.strictObject({ kind: z.literal('end') }),
]);
export type RepairAct = z.infer<typeof repairAct>;

const runState = z.enum(['planned', 'asked', 'done', 'failed', 'skipped']);
export const repair = z.object({
  id,
  cause: z.string(),
  /** The cause as it was when this began. */
  about: z.object({
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    flows: z.array(z.string()),
    step: z.string().nullable(),
    node: z.string().nullable(),
    credential: z.string().nullable(),
  }),
  act: repairAct,
  /** `trying`: the first one alone · `tried`: waits for a person's word · `stopping`: what was begun still ends. */
  state: z.enum(['trying', 'tried', 'running', 'stopping', 'stopped', 'done']),
  note: z.string().nullable(),
  by: z.string(),
  /** Null while it goes on, and when it stopped by itself because run after run failed again. */
  stoppedBy: z.string().nullable(),
  counts: z.record(runState, z.number().int()),
  createdAt: at,
  endedAt: at.nullable(),
});
export type Repair = z.infer<typeof repair>;

const repairRequest = { cause: causeKey, act: repairAct };

export const repairs = {
  previewRepair: endpoint({
    method: 'POST',
    path: '/api/repairs/preview',
    summary: 'What repairing the runs that stopped for one cause would do; nothing is done',
    permission: 'runs.override',
    body: z.strictObject(repairRequest),
    response: z.object({
      count: z.number().int(),
      ambiguous: z.number().int(),
      otherValue: z.number().int(),
      checked: z.number().int(),
      unfit: z.array(z.object({ title: z.string(), detail: z.string(), count: z.number().int() })),
      examples: z.array(z.object({ run: id, startedAt: at, contact: z.string().nullable(), before: jsonValue, after: jsonValue })),
    }),
  }),
  createRepair: endpoint({
    method: 'POST',
    path: '/api/repairs',
    summary: 'Retry, skip or end all runs that stopped for one cause; it goes on by itself, also after a restart',
    permission: 'runs.override',
    status: 202,
    body: z.strictObject({ ...repairRequest, note: z.string().max(500).optional(), tryFirst: z.boolean().default(false) }),
    response: z.object({ id, count: z.number().int() }),
  }),
  listRepairs: endpoint({
    method: 'GET',
    path: '/api/repairs',
    summary: 'Repairs that are not over, and those of the last day',
    permission: 'runs.read',
    response: z.object({ items: z.array(repair) }),
  }),
  getRepair: endpoint({
    method: 'GET',
    path: '/api/repairs/:id',
    summary: 'A repair with what became of its runs, what failed first; at most 200',
    permission: 'runs.read',
    params: idParams,
    response: repair.extend({ runs: z.array(z.object({ run: id, state: runState, problem: problem.partial().nullable() })) }),
  }),
  continueRepair: endpoint({
    method: 'POST',
    path: '/api/repairs/:id/continue',
    summary: 'After the first one: the rest',
    permission: 'runs.override',
    params: idParams,
    response: done,
  }),
  stopRepair: endpoint({
    method: 'POST',
    path: '/api/repairs/:id/stop',
    summary: 'Begin no more; what was begun ends by itself',
    permission: 'runs.override',
    params: idParams,
    response: done,
  }),
};
