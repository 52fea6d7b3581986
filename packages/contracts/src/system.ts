import { z } from 'zod';
import { role } from './configuration.ts';
import { endpoint } from './endpoint.ts';
import { done, id } from './shared.ts';

const component = z.object({ ok: z.boolean(), detail: z.string() });

/** What GET /api/events sends: `event:` is the kind, `data:` this object. Ids only; the reader asks for what it shows. */
export const liveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: id, flow: id, status: z.string() }),
  z.object({ kind: z.literal('step'), run: id }),
  z.object({ kind: z.literal('message'), conversation: id }),
  z.object({ kind: z.literal('handoff'), handoff: id, status: z.string() }),
  z.object({ kind: z.literal('flow'), flow: id, revision: z.number().int() }),
  z.object({ kind: z.literal('channel'), channel: id }),
  z.object({ kind: z.literal('repair'), repair: id }),
  z.object({ kind: z.literal('settings') }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const system = {
  health: endpoint({
    method: 'GET',
    path: '/api/health',
    summary: '200 when database, Temporal and a worker answer, else 503',
    permission: 'public',
    response: z.object({
      ok: z.boolean(),
      version: z.string(),
      components: z.object({ database: component, temporal: component, worker: component }),
    }),
  }),
  openapi: endpoint({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    permission: 'public',
    response: z.unknown(),
  }),
  docs: endpoint({
    method: 'GET',
    path: '/api/docs',
    summary: 'This API to read',
    permission: 'public',
    response: z.unknown(),
    media: 'text/html',
  }),
  setupState: endpoint({
    method: 'GET',
    path: '/api/setup',
    summary: 'Whether the first owner is still to be made',
    permission: 'public',
    response: z.object({ isOpen: z.boolean() }),
  }),
  setup: endpoint({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first owner; closes after one use',
    permission: 'public',
    status: 201,
    body: z.strictObject({
      name: z.string().min(1).max(120),
      email: z.email(),
      password: z.string().min(10, 'Choose at least 10 characters').max(200),
      workspace: z.string().min(1).max(120),
    }),
    response: z.object({ ok: z.literal(true) }),
  }),
  me: endpoint({
    method: 'GET',
    path: '/api/me',
    summary: 'Who is signed in',
    permission: 'session',
    response: z.object({
      user: z.object({ id, name: z.string(), email: z.string() }),
      workspace: z.object({ id, name: z.string() }),
      role,
      /** Set for people with a first password from somebody else: every other call answers 403 until it is changed. */ mustChangePassword:
        z.boolean(),
    }),
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    summary: 'Sign in; sets the session cookie. At most 10 tries per account in 15 minutes',
    permission: 'public',
    body: z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(200) }),
    response: done,
  }),
  signOut: endpoint({ method: 'POST', path: '/api/auth/sign-out', summary: 'End this session', permission: 'public', response: done }),
  changePassword: endpoint({
    method: 'POST',
    path: '/api/auth/change-password',
    summary: 'Choose a new password; every other session ends',
    permission: 'session',
    body: z.strictObject({
      currentPassword: z.string().min(1).max(200),
      newPassword: z.string().min(10, 'Choose at least 10 characters').max(200),
    }),
    response: done,
  }),
  events: endpoint({
    method: 'GET',
    path: '/api/events',
    summary: 'Server-sent events: run, step, message, handoff, flow, channel, settings',
    permission: 'session',
    response: z.unknown(),
    media: 'text/event-stream',
  }),
};
