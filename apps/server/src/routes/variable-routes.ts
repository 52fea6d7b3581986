import { endpoints } from '@holdfast/contracts';
import { deleteVariable, listVariables, loadVariable, saveVariable } from '@holdfast/db';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function variableRoutes({ pool }: ServerDeps): Route[] {
  return [
    route(endpoints.listVariables, { run: async ({ caller }) => ({ items: await listVariables(pool, caller.workspaceId) }) }),
    route(endpoints.createVariable, {
      run: async ({ body, caller }) => {
        await saveVariable(pool, { workspaceId: caller.workspaceId, name: body.name, value: body.value, by: caller.name });
        await auditOf(pool, caller, { action: 'variable.saved', subject: body.name });
        const saved = await loadVariable(pool, { workspaceId: caller.workspaceId, name: body.name });
        if (!saved) throw missingResource();
        return saved;
      },
    }),
    route(endpoints.deleteVariable, {
      load: ({ caller, params }) => loadVariable(pool, { workspaceId: caller.workspaceId, name: params.name }),
      run: async ({ loaded, caller }) => {
        await deleteVariable(pool, { workspaceId: caller.workspaceId, name: loaded.name });
        await auditOf(pool, caller, { action: 'variable.removed', subject: loaded.name });
        return ok;
      },
    }),
  ];
}
