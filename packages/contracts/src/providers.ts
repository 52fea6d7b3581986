import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, problem } from './shared.ts';

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
  /** `paused`: by a person · `down`: left alone after failures · `resting`: it asked us to wait. */
  state: z.enum(['paused', 'down', 'resting', 'failing', 'well', 'quiet']),
  pausedAt: at.nullable(),
  pausedBy: z.string().nullable(),
  pauseNote: z.string().nullable(),
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
});
export type Provider = z.infer<typeof provider>;

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
};
