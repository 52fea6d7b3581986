import { jsonObject, jsonValue, sendingSettings } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { roles } from './permissions.ts';
import { at, done, id, idParams, page, pageQuery, problem } from './shared.ts';

export const variable = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'Use small letters, digits and "_", starting with a letter'),
  value: jsonValue,
  updatedAt: at,
});
export type Variable = z.infer<typeof variable>;

export const answer = z.object({
  id,
  questions: z.array(z.string().min(1).max(300)).min(1).max(50),
  answer: z.string().min(1).max(5_000),
  language: z.string().max(10),
  updatedAt: at,
});
export type Answer = z.infer<typeof answer>;
const answerInput = z.strictObject({
  questions: answer.shape.questions,
  answer: answer.shape.answer,
  language: answer.shape.language.default(''),
});

export const role = z.enum(roles);
export const member = z.object({ id, userId: id, name: z.string(), email: z.string(), role, createdAt: at });
export const apiKey = z.object({ id, name: z.string(), role, start: z.string(), createdAt: at, lastUsedAt: at.nullable() });

/** Prices in USD per million tokens. Configuration, with the day they are from. */
export const modelPrice = z.strictObject({
  provider: z.enum(['groq', 'claude', 'openai-compatible']),
  model: z.string().min(1).max(120),
  inputUsd: z.number().nonnegative(),
  outputUsd: z.number().nonnegative(),
  since: z.iso.date(),
});
export const smtpSettings = z.strictObject({
  host: z.string().max(253),
  port: z.number().int().min(1).max(65_535),
  secure: z.boolean(),
  user: z.string().max(200).optional(),
  password: z.string().max(500).optional(),
  from: z.string().max(200),
});

export const alertEvent = z.enum([
  'handoff.opened',
  'run.attention',
  'channel.broken',
  'channel.warning',
  'backup.failed',
  'mirror.behind',
  'credential.broken',
  'provider.down',
  'flow.silent',
  'trigger.broken',
]);
export const alertRoute = z.object({
  id,
  kind: z.enum(['telegram', 'email', 'webhook']),
  target: jsonObject,
  events: z.array(alertEvent),
  isEnabled: z.boolean(),
  lastProblem: problem.nullable(),
});
const alertRouteInput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('telegram'),
    target: z.strictObject({ channel: id, chat: z.string().min(1).max(64) }),
    events: z.array(alertEvent).min(1),
    isEnabled: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('email'),
    target: z.strictObject({ to: z.email() }),
    events: z.array(alertEvent).min(1),
    isEnabled: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    target: z.strictObject({ url: z.url() }),
    events: z.array(alertEvent).min(1),
    isEnabled: z.boolean().default(true),
  }),
]);

export const workspaceSettings = z.object({
  name: z.string(),
  sendsPausedAt: at.nullable(),
  sendsPausedBy: z.string().nullable(),
  prices: z.array(modelPrice),
  smtp: smtpSettings.omit({ password: true }).nullable(),
  /** Time zone and quiet hours for what is sent by itself; a channel's own limits come first. */
  sending: sendingSettings,
  /** How often each connection is tried, in minutes. */
  probeEveryMinutes: z.number(),
});

export const configuration = {
  listVariables: endpoint({
    method: 'GET',
    path: '/api/variables',
    summary: 'Variables',
    permission: 'variables.read',
    response: z.object({ items: z.array(variable) }),
  }),
  createVariable: endpoint({
    method: 'POST',
    path: '/api/variables',
    summary: 'Add or change a variable',
    permission: 'variables.manage',
    status: 201,
    body: z.strictObject({ name: variable.shape.name, value: jsonValue }),
    response: variable,
  }),
  deleteVariable: endpoint({
    method: 'DELETE',
    path: '/api/variables/:name',
    summary: 'Remove a variable',
    permission: 'variables.manage',
    params: z.strictObject({ name: z.string() }),
    response: done,
  }),
  listAnswers: endpoint({
    method: 'GET',
    path: '/api/answers',
    summary: 'The library of common answers',
    permission: 'answers.read',
    response: z.object({ items: z.array(answer) }),
  }),
  createAnswer: endpoint({
    method: 'POST',
    path: '/api/answers',
    summary: 'Add a common answer',
    permission: 'answers.manage',
    status: 201,
    body: answerInput,
    response: answer,
  }),
  updateAnswer: endpoint({
    method: 'PUT',
    path: '/api/answers/:id',
    summary: 'Change a common answer',
    permission: 'answers.manage',
    params: idParams,
    body: answerInput,
    response: answer,
  }),
  deleteAnswer: endpoint({
    method: 'DELETE',
    path: '/api/answers/:id',
    summary: 'Remove a common answer',
    permission: 'answers.manage',
    params: idParams,
    response: done,
  }),
  listMembers: endpoint({
    method: 'GET',
    path: '/api/members',
    summary: 'People of this workspace',
    permission: 'members.read',
    response: z.object({ items: z.array(member) }),
  }),
  createMember: endpoint({
    method: 'POST',
    path: '/api/members',
    summary: 'Add a person with a first password that they must change',
    permission: 'members.manage',
    status: 201,
    body: z.strictObject({ name: z.string().min(1).max(120), email: z.email(), role, password: z.string().min(10).max(200) }),
    response: member,
  }),
  updateMember: endpoint({
    method: 'PATCH',
    path: '/api/members/:id',
    summary: 'Change a person’s role',
    permission: 'members.manage',
    params: idParams,
    body: z.strictObject({ role }),
    response: member,
  }),
  deleteMember: endpoint({
    method: 'DELETE',
    path: '/api/members/:id',
    summary: 'Remove a person; their sessions end at once',
    permission: 'members.manage',
    params: idParams,
    response: done,
  }),
  listKeys: endpoint({
    method: 'GET',
    path: '/api/keys',
    summary: 'API keys',
    permission: 'keys.manage',
    response: z.object({ items: z.array(apiKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key; shown once',
    permission: 'keys.manage',
    status: 201,
    body: z.strictObject({ name: z.string().min(1).max(60), role: role.exclude(['owner']) }),
    response: apiKey.extend({ key: z.string() }),
  }),
  deleteKey: endpoint({
    method: 'DELETE',
    path: '/api/keys/:id',
    summary: 'Revoke an API key',
    permission: 'keys.manage',
    params: idParams,
    response: done,
  }),
  getSettings: endpoint({
    method: 'GET',
    path: '/api/settings',
    summary: 'The workspace’s settings',
    permission: 'settings.read',
    response: workspaceSettings,
  }),
  updateSettings: endpoint({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Change the workspace’s settings',
    permission: 'settings.manage',
    body: z.strictObject({
      name: z.string().min(1).max(120).optional(),
      prices: z.array(modelPrice).max(200).optional(),
      smtp: smtpSettings.nullable().optional(),
      sending: sendingSettings.optional(),
      probeEveryMinutes: z.number().int().min(5).max(1_440).optional(),
    }),
    response: workspaceSettings,
  }),
  pauseSends: endpoint({
    method: 'POST',
    path: '/api/settings/sends',
    summary: 'The red switch: stop or allow every automated send',
    permission: 'sends.pause',
    body: z.strictObject({ paused: z.boolean() }),
    response: workspaceSettings,
  }),
  listAlertRoutes: endpoint({
    method: 'GET',
    path: '/api/alert-routes',
    summary: 'Where staff are told of handoffs and stopped runs',
    permission: 'settings.read',
    response: z.object({ items: z.array(alertRoute) }),
  }),
  createAlertRoute: endpoint({
    method: 'POST',
    path: '/api/alert-routes',
    summary: 'Add a place',
    permission: 'settings.manage',
    status: 201,
    body: alertRouteInput,
    response: alertRoute,
  }),
  deleteAlertRoute: endpoint({
    method: 'DELETE',
    path: '/api/alert-routes/:id',
    summary: 'Remove a place',
    permission: 'settings.manage',
    params: idParams,
    response: done,
  }),
  testAlertRoute: endpoint({
    method: 'POST',
    path: '/api/alert-routes/:id/test',
    summary: 'Send a test there',
    permission: 'settings.manage',
    params: idParams,
    response: z.object({ ok: z.boolean(), detail: z.string() }),
  }),
  listAudit: endpoint({
    method: 'GET',
    path: '/api/audit',
    summary: 'Who did what',
    permission: 'audit.read',
    query: z.strictObject(pageQuery),
    response: page(z.object({ id, at, actor: z.string(), action: z.string(), subject: z.string(), detail: jsonObject })),
  }),
};
