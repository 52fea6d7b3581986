import { proxyUrl } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams } from './shared.ts';

const login = z
  .string()
  .max(255)
  .regex(/^[^\r\n\0]*$/, 'It holds a line break')
  .optional();

/** Through a proxy. */
export const proxyInput = z.strictObject({
  kind: z.literal('proxy'),
  url: proxyUrl,
  username: login,
  /** Left out: the stored one stays, as long as it goes to the same proxy with the same user name. */
  password: login,
});

/** How a connection's calls leave the house: through a proxy, or made by an agent inside another network. Null: straight to their target. */
export const wayInput = z.discriminatedUnion('kind', [
  proxyInput,
  z.strictObject({ kind: z.literal('agent'), agent: z.string().min(1, 'Choose an agent').max(100) }),
]);
export type WayInput = z.infer<typeof wayInput>;

export const way = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('proxy'), url: z.string(), username: z.string().nullable(), hasPassword: z.boolean() }),
  z.object({ kind: z.literal('agent'), agent: id }),
]);

const agentFields = {
  name: z.string().trim().min(1).max(60),
  allowedHosts: z
    .array(
      z
        .string()
        .trim()
        .max(260)
        .regex(
          /^(?:\*\.)?(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?):\d{1,5}$/i,
          'Write each with its port, for example erp.internal:8080',
        ),
    )
    .min(1, 'Name at least one host with its port, for example erp.internal:8080')
    .max(100),
};
const agentInput = z.strictObject(agentFields);

export const agent = z.object({
  id,
  ...agentFields,
  /** To recognise its token by. */
  tokenStart: z.string(),
  isRevoked: z.boolean(),
  createdAt: at,
  seenAt: at.nullable(),
  /** It asked for work a moment ago. */
  isHeard: z.boolean(),
  /** Where it runs, of the last day. */
  instances: z.array(
    z.object({
      machine: z.string(),
      version: z.string(),
      /** What it may reach by its own list. */
      allowedHosts: z.array(z.string()),
      running: z.number(),
      seenAt: at,
      isHeard: z.boolean(),
    }),
  ),
  usedBy: z.array(z.object({ credential: id, name: z.string() })),
});
export type Agent = z.infer<typeof agent>;

export const ways = {
  listAgents: endpoint({
    method: 'GET',
    path: '/api/agents',
    summary: 'Agents that make calls inside other networks',
    permission: 'credentials.read',
    response: z.object({ items: z.array(agent) }),
  }),
  createAgent: endpoint({
    method: 'POST',
    path: '/api/agents',
    summary: 'Add an agent; its token is shown once',
    permission: 'settings.manage',
    status: 201,
    body: agentInput,
    response: agent.extend({ token: z.string() }),
  }),
  updateAgent: endpoint({
    method: 'PUT',
    path: '/api/agents/:id',
    summary: 'Change its name, and the hosts that it may be asked for',
    permission: 'settings.manage',
    params: idParams,
    body: agentInput,
    response: agent,
  }),
  renewAgentToken: endpoint({
    method: 'POST',
    path: '/api/agents/:id/token',
    summary: 'A new token, shown once; the one before ends at once',
    permission: 'settings.manage',
    params: idParams,
    response: agent.extend({ token: z.string() }),
  }),
  revokeAgent: endpoint({
    method: 'POST',
    path: '/api/agents/:id/revoke',
    summary: 'Its token ends at once',
    permission: 'settings.manage',
    params: idParams,
    response: agent,
  }),
  deleteAgent: endpoint({
    method: 'DELETE',
    path: '/api/agents/:id',
    summary: 'Remove an agent; 409 while a connection goes over it',
    permission: 'settings.manage',
    params: idParams,
    response: done,
  }),
};
