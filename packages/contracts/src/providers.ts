import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, problem } from './shared.ts';

/** At most `count` calls in any `perMs` milliseconds. */
export const callWindow = z.strictObject({
  count: z.number().int().min(1, 'At least one call').max(1_000, 'At most 1,000 calls'),
  perMs: z.number().int().min(1_000, 'At least a second').max(86_400_000, 'At most a day'),
});
export type CallWindow = z.infer<typeof callWindow>;

export const provider = z.object({
  /** `<kind>:<account>`: `http:api.example.com`. */
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  /** `paused`: by a person · `draining`: nothing new is taken, what waited is finished · `down`: left alone after failures · `resting`: it asked us to wait. */
  state: z.enum(['paused', 'draining', 'down', 'resting', 'failing', 'well', 'quiet']),
  pausedAt: at.nullable(),
  pausedBy: z.string().nullable(),
  pauseNote: z.string().nullable(),
  drainingAt: at.nullable(),
  downSince: at.nullable(),
  /** When it is tried again. */
  probeAt: at.nullable(),
  heldUntil: at.nullable(),
  limits: z.array(callWindow),
  /** `set`: by people · `kind`: what services of its kind allow · `learnt`: from its answers · `none`: no limit is known. */
  limitsFrom: z.enum(['set', 'kind', 'learnt', 'none']),
  lastOkAt: at.nullable(),
  lastErrorAt: at.nullable(),
  lastError: problem.nullable(),
  /** Within the last hour. */
  calls: z.object({ ok: z.number().int(), failed: z.number().int(), limited: z.number().int(), averageMs: z.number().nullable() }),
  /** Calls that wait for their turn, for the provider to be back, or for somebody to let them go on. */
  waiting: z.object({ count: z.number().int(), since: at.nullable() }),
  /** Calls that steps kept for later. `stopped`: a person must look. */
  kept: z.object({ waiting: z.number().int(), stopped: z.number().int(), since: at.nullable() }),
});
export type Provider = z.infer<typeof provider>;

/** `contact`: for whom, where that is known. */
const origin = z.object({ runId: id, flow: z.string(), node: z.string(), contact: z.string().nullable() }).nullable();

export const heldCall = z.object({
  position: z.number().int(),
  since: at,
  /** When it goes out, as far as that can be said; null while a person holds the provider, or it is down. */
  expectedAt: at.nullable(),
  /** Why it waits: upstream.limited, upstream.down, upstream.paused. */
  code: z.string(),
  origin,
});
export type HeldCall = z.infer<typeof heldCall>;

export const keptCall = z.object({
  id,
  provider: z.string(),
  /** Among those that wait, 1 is next. */
  position: z.number().int().nullable(),
  expectedAt: at.nullable(),
  /** Method and address without its query, or what the step does. */
  what: z.string(),
  orderKey: z.string(),
  /** `dispatching`: under way · `stopped`: a person must look. */
  state: z.enum(['waiting', 'dispatching', 'delivered', 'stopped', 'discarded']),
  attempts: z.number().int(),
  keptAt: at,
  settledAt: at.nullable(),
  settledBy: z.string().nullable(),
  note: z.string().nullable(),
  /** Of the answer. */
  status: z.number().int().nullable(),
  problem: problem.nullable(),
  origin,
  /** So many wait only because this one does not go. */
  behind: z.number().int(),
  /** What the one would do that it waits behind. */
  waitsFor: z.string().nullable(),
});
export type KeptCall = z.infer<typeof keptCall>;

const waitingQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
const reason = z.string().trim().min(1, 'Say why').max(300);
const letGo = z.object({ waiting: z.number().int() });
const providerParams = z.strictObject({ id: z.string().min(1).max(500) });

export const providers = {
  listProviders: endpoint({
    method: 'GET',
    path: '/api/providers',
    summary: 'The accounts that calls go to, with their health, limits and queues',
    permission: 'runs.read',
    response: z.object({ items: z.array(provider) }),
  }),
  pauseProvider: endpoint({
    method: 'POST',
    path: '/api/providers/:id/pause',
    summary: 'Holds all calls to it back; they wait, in order',
    permission: 'runs.override',
    params: providerParams,
    body: z.strictObject({ note: z.string().max(300).default('') }),
    response: done,
  }),
  resumeProvider: endpoint({
    method: 'POST',
    path: '/api/providers/:id/resume',
    summary: 'Lets calls go again; what waited goes first',
    permission: 'runs.override',
    params: providerParams,
    response: z.object({ waiting: z.number().int() }),
  }),
  limitProvider: endpoint({
    method: 'PUT',
    path: '/api/providers/:id/limits',
    summary: 'Sets how often it may be called; null goes back to what is known of it, an empty list means any pace',
    permission: 'credentials.manage',
    params: providerParams,
    body: z.strictObject({ limits: z.array(callWindow).max(3).nullable() }),
    response: done,
  }),
  drainProvider: endpoint({
    method: 'POST',
    path: '/api/providers/:id/drain',
    summary: 'Finishes what waits for it and takes nothing new, until calls are resumed',
    permission: 'runs.override',
    params: providerParams,
    body: z.strictObject({ note: z.string().max(300).default('') }),
    response: letGo,
  }),
  tryProvider: endpoint({
    method: 'POST',
    path: '/api/providers/:id/try',
    summary: 'Calls it now, whatever it asked for and however it failed; what waits follows in its order and at its pace',
    permission: 'runs.override',
    params: providerParams,
    response: letGo,
  }),
  listHeldCalls: endpoint({
    method: 'GET',
    path: '/api/providers/:id/held',
    summary: 'Calls of steps that wait for it, in their order',
    permission: 'runs.read',
    params: providerParams,
    query: waitingQuery,
    response: z.object({ total: z.number().int(), asOf: at, items: z.array(heldCall) }),
  }),
  discardHeldCalls: endpoint({
    method: 'POST',
    path: '/api/providers/:id/held/discard',
    summary:
      'Takes the calls that waited at `asOf` out of the queue: nothing is sent, and their runs stop for a person or leave by `failed`',
    permission: 'runs.override',
    params: providerParams,
    body: z.strictObject({ asOf: at, reason, runs: z.enum(['attention', 'failed']) }),
    response: z.object({ discarded: z.number().int() }),
  }),
  listKeptCalls: endpoint({
    method: 'GET',
    path: '/api/providers/:id/kept',
    summary: 'Calls that steps kept for later: what a person must look at, what waits in its order, what was last over',
    permission: 'runs.read',
    params: providerParams,
    query: waitingQuery,
    response: z.object({ waiting: z.number().int(), stopped: z.number().int(), items: z.array(keptCall) }),
  }),
  retryKeptCalls: endpoint({
    method: 'POST',
    path: '/api/providers/:id/kept/retry',
    summary: 'Has every kept call that stopped sent again, each at its old place; not those that may have been carried out',
    permission: 'runs.override',
    params: providerParams,
    response: letGo,
  }),
  retryKeptCall: endpoint({
    method: 'POST',
    path: '/api/kept-calls/:id/retry',
    summary: 'Has a kept call that stopped sent again, at its old place',
    permission: 'runs.override',
    params: idParams,
    response: done,
  }),
  discardKeptCall: endpoint({
    method: 'POST',
    path: '/api/kept-calls/:id/discard',
    summary: 'Takes a kept call out: it is not sent',
    permission: 'runs.override',
    params: idParams,
    body: z.strictObject({ reason }),
    response: done,
  }),
  arrivedKeptCall: endpoint({
    method: 'POST',
    path: '/api/kept-calls/:id/arrived',
    summary: 'Says that a kept call of which nobody knew had arrived after all',
    permission: 'runs.override',
    params: idParams,
    body: z.strictObject({ note: z.string().max(300).default('') }),
    response: done,
  }),
};
