import { endpoints } from '@holdfast/contracts';
import { deleteAgent, insertAgent, listAgents, loadAgent, newId, setAgentToken, updateAgent } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { agentTokenStart, hashAgentToken, makeAgentToken } from '../agents/agent-token.ts';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

/** Agents: programs inside other networks that make calls there. */
export function agentRoutes({ pool }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadAgent(pool, { workspaceId: caller.workspaceId, id: params.id });
  const reload = async ({ workspaceId }: Caller, id: string) => {
    const agent = await loadAgent(pool, { workspaceId, id });
    if (!agent) throw missingResource();
    return agent;
  };
  const renew = async ({ workspaceId }: Caller, id: string): Promise<string> => {
    const token = makeAgentToken();
    await setAgentToken(pool, { workspaceId, id, token: { hash: hashAgentToken(token), start: agentTokenStart(token) } });
    return token;
  };
  return [
    route(endpoints.listAgents, { run: async ({ caller }) => ({ items: await listAgents(pool, caller.workspaceId) }) }),
    route(endpoints.createAgent, {
      run: async ({ body, caller }) => {
        const token = makeAgentToken();
        const id = newId('agent');
        const isMade = await insertAgent(pool, {
          ...fieldsOf(body),
          id,
          workspaceId: caller.workspaceId,
          tokenHash: hashAgentToken(token),
          tokenStart: agentTokenStart(token),
          createdBy: caller.name,
        });
        if (!isMade) throw nameTaken(body.name);
        await auditOf(pool, caller, { action: 'agent.created', subject: id, detail: fieldsOf(body) });
        return { ...(await reload(caller, id)), token };
      },
    }),
    route(endpoints.updateAgent, {
      load,
      run: async ({ loaded, body, caller }) => {
        const fields = fieldsOf(body);
        if (!(await updateAgent(pool, { ...fields, id: loaded.id, workspaceId: caller.workspaceId }))) throw nameTaken(body.name);
        await auditOf(pool, caller, { action: 'agent.changed', subject: loaded.id, detail: { before: fieldsOf(loaded), after: fields } });
        return await reload(caller, loaded.id);
      },
    }),
    route(endpoints.renewAgentToken, {
      load,
      run: async ({ loaded, caller }) => {
        const token = await renew(caller, loaded.id);
        await auditOf(pool, caller, { action: 'agent.token-renewed', subject: loaded.id, detail: { name: loaded.name } });
        return { ...(await reload(caller, loaded.id)), token };
      },
    }),
    route(endpoints.revokeAgent, {
      load,
      run: async ({ loaded, caller }) => {
        await setAgentToken(pool, { workspaceId: caller.workspaceId, id: loaded.id, token: null });
        await auditOf(pool, caller, { action: 'agent.revoked', subject: loaded.id, detail: { name: loaded.name } });
        return await reload(caller, loaded.id);
      },
    }),
    route(endpoints.deleteAgent, {
      load,
      run: async ({ loaded, caller }) => {
        if (!(await deleteAgent(pool, { workspaceId: caller.workspaceId, id: loaded.id })))
          throw new HoldfastError('resource.conflict', {
            detail: say`Calls of ${loaded.usedBy.map(({ name }) => `"${name}"`).join(', ')} go over "${loaded.name}".`,
            hint: 'Choose another way in these connections, then remove this agent.',
          });
        await auditOf(pool, caller, { action: 'agent.removed', subject: loaded.id, detail: { name: loaded.name } });
        return ok;
      },
    }),
  ];
}

const fieldsOf = ({ name, allowedHosts }: { name: string; allowedHosts: string[] }) => ({
  name,
  allowedHosts: [...new Set(allowedHosts.map((host) => host.toLowerCase()))],
});

const nameTaken = (name: string) =>
  new HoldfastError('resource.conflict', {
    detail: say`There is an agent "${name}" already.`,
    hint: 'Give it another name.',
    path: 'name',
  });
