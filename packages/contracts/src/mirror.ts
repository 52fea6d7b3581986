import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, empty, problem } from './shared.ts';

/** Where the mirror is kept. Of Oracle `database` is the service's name, `schema` and `tls` mean nothing: the user's own, and always encrypted. */
export const mirrorTarget = z.strictObject({
  kind: z.enum(['postgres', 'oracle']).default('postgres'),
  host: z
    .string()
    .min(1, 'Name the server')
    .max(253)
    .regex(/^[a-z0-9._:-]*$/i, 'Write the server’s name or address alone, without https:// and port'),
  port: z.number().int().min(1).max(65_535),
  database: z
    .string()
    .min(1, 'Name the database')
    .max(200)
    .regex(/^[^()="'\s]*$/, 'Write its name alone'),
  schema: z
    .string()
    .max(63)
    .regex(/^[a-z_][a-z0-9_]*$/, 'Small letters, digits and _ only')
    .default('public'),
  user: z.string().min(1, 'Give the user name').max(128),
  /** `verify`: encrypted, and the server’s certificate must fit. */
  tls: z.enum(['verify', 'off']).default('verify'),
});
export type MirrorTargetSettings = z.infer<typeof mirrorTarget>;

const settingsFields = {
  target: mirrorTarget,
  everySeconds: z.number().int().min(5).max(86_400).default(60),
  isEnabled: z.boolean().default(true),
};
export const mirrorInput = z.strictObject({
  ...settingsFields,
  /** Left out: the stored one stays, as long as it goes to the same server with the same user. */
  password: z.string().min(1).max(500).optional(),
  /** PEM: who signed the server's certificate, or an Oracle wallet (ewallet.pem). Left out: what is stored stays; empty: none. */
  certificates: z.string().max(100_000).optional(),
  certificatesPassword: z.string().max(500).optional(),
});

const mirrorView = z.object({
  ...settingsFields,
  hasCertificates: z.boolean(),
  updatedBy: z.string(),
  /** `start`: the copy has not begun · `copying` · `sweeping`: rows that are gone here are taken out there · `following`: changes go over as they come. */
  phase: z.enum(['start', 'copying', 'sweeping', 'following']),
  isBusy: z.boolean(),
  /** Rows brought over by the copy under way or the last one. */
  copiedRows: z.number().int(),
  /** Changes that are not there yet; counted up to 100,000. */
  pending: z.number().int(),
  /** How old the oldest of what is missing there is; while it is being copied, since when the mirror is not complete. */
  lagSeconds: z.number(),
  syncedAt: at.nullable(),
  nextAt: at,
  failingSince: at.nullable(),
  problem: problem.nullable(),
});
export type MirrorView = z.infer<typeof mirrorView>;

/** A copy of the workspace's conversations in a database of its own choice. */
export const mirror = {
  readMirror: endpoint({
    method: 'GET',
    path: '/api/mirror',
    summary: 'The mirror of the conversation store, and how far it is',
    permission: 'mirror.manage',
    response: z.object({ mirror: mirrorView.nullable() }),
  }),
  saveMirror: endpoint({
    method: 'PUT',
    path: '/api/mirror',
    summary: 'Where the conversation store is mirrored and how often; a new address is tried first',
    permission: 'mirror.manage',
    body: mirrorInput,
    response: z.object({ mirror: mirrorView }),
  }),
  deleteMirror: endpoint({
    method: 'DELETE',
    path: '/api/mirror',
    summary: 'Mirror no more; what is in the other database stays there',
    permission: 'mirror.manage',
    response: done,
  }),
  testMirror: endpoint({
    method: 'POST',
    path: '/api/mirror/test',
    summary: 'Try an address and its credentials without saving them',
    permission: 'mirror.manage',
    body: mirrorInput,
    response: z.object({ ok: z.boolean(), detail: z.string(), hint: z.string().optional() }),
  }),
  restartMirror: endpoint({
    method: 'POST',
    path: '/api/mirror/restart',
    summary: 'Copy everything once more; tables and columns that are missing there are made',
    permission: 'mirror.manage',
    status: 202,
    body: empty,
    response: done,
  }),
};
