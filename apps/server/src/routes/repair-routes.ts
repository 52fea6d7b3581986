import { endpoints, repairAct, type Repair } from '@holdfast/contracts';
import { listRepairedRuns, listRepairs, loadRepair, type RepairView } from '@holdfast/db';
import { previewRepair } from '@holdfast/runs';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { ok, route, type Route } from '../http/route.ts';

/** What an operator does to all runs that stopped for one cause. */
export function repairRoutes(deps: ServerDeps): Route[] {
  const { pool, runs } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadRepair(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.previewRepair, {
      run: ({ body, caller }) => previewRepair(deps, { workspaceId: caller.workspaceId, ...body }),
    }),
    route(endpoints.createRepair, {
      run: ({ body, caller }) => runs.beginRepair({ workspaceId: caller.workspaceId, by: caller, ...body }),
    }),
    route(endpoints.listRepairs, {
      run: async ({ caller }) => ({ items: (await listRepairs(pool, caller.workspaceId)).map(toRepair) }),
    }),
    route(endpoints.getRepair, {
      load,
      run: async ({ loaded, caller }) => ({
        ...toRepair(loaded),
        runs: await listRepairedRuns(pool, { workspaceId: caller.workspaceId, id: loaded.id, limit: 200 }),
      }),
    }),
    route(endpoints.continueRepair, {
      load,
      run: async ({ loaded, caller }) => {
        await runs.continueRepair({ workspaceId: caller.workspaceId, by: caller, id: loaded.id });
        return ok;
      },
    }),
    route(endpoints.stopRepair, {
      load,
      run: async ({ loaded, caller }) => {
        await runs.stopRepair({ workspaceId: caller.workspaceId, by: caller, id: loaded.id });
        return ok;
      },
    }),
  ];
}

const toRepair = ({ about, act, byName, ...view }: RepairView): Repair => ({
  id: view.id,
  cause: view.cause,
  // as: written by beginRepair.
  about: about as unknown as Repair['about'],
  act: repairAct.parse(act),
  state: view.state,
  note: view.note,
  by: byName,
  stoppedBy: view.stoppedBy,
  counts: view.counts,
  createdAt: view.createdAt,
  endedAt: view.endedAt,
});
