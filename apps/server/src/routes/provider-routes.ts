import { endpoints, type Provider } from '@holdfast/contracts';
import { listProviderViews, loadProviderView, pauseProvider, setProviderLimits, type ProviderView } from '@holdfast/db';
import { ownWindows } from '@holdfast/providers';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function providerRoutes({ pool, runs }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadProviderView(pool, { workspaceId: caller.workspaceId, key: params.id });
  return [
    route(endpoints.listProviders, {
      run: async ({ caller }) => ({ items: (await listProviderViews(pool, caller.workspaceId)).map(toProvider) }),
    }),
    route(endpoints.pauseProvider, {
      load,
      run: async ({ loaded, body, caller }) => {
        await pauseProvider(pool, { workspaceId: caller.workspaceId, key: loaded.key, by: caller.name, note: body.note });
        await auditOf(pool, caller, { action: 'provider.paused', subject: loaded.key, detail: { note: body.note } });
        return ok;
      },
    }),
    route(endpoints.resumeProvider, {
      load,
      run: async ({ loaded, caller }) => {
        const { count } = await runs.resumeProvider({ workspaceId: caller.workspaceId, key: loaded.key });
        await auditOf(pool, caller, { action: 'provider.resumed', subject: loaded.key, detail: { waiting: count } });
        return { waiting: count };
      },
    }),
    route(endpoints.limitProvider, {
      load,
      run: async ({ loaded, body, caller }) => {
        await setProviderLimits(pool, { workspaceId: caller.workspaceId, key: loaded.key, limits: body.limits });
        await auditOf(pool, caller, { action: 'provider.limited', subject: loaded.key, detail: { limits: body.limits } });
        return ok;
      },
    }),
  ];
}

function toProvider({ key, learnt, limits, ...view }: ProviderView): Provider {
  const own = ownWindows(view.kind);
  const [limitsFrom, windows] =
    limits !== null
      ? (['set', limits] as const)
      : learnt !== null
        ? (['learnt', learnt] as const)
        : own.length > 0
          ? (['kind', own] as const)
          : (['none', []] as const);
  return { ...view, id: key, state: stateOf(view), limits: [...windows], limitsFrom };
}

function stateOf(view: Omit<ProviderView, 'key' | 'limits' | 'learnt'>): Provider['state'] {
  if (view.pausedAt !== null) return 'paused';
  if (view.downSince !== null) return 'down';
  if (view.heldUntil !== null) return 'resting';
  if (view.calls.ok + view.calls.failed + view.calls.limited === 0) return 'quiet';
  return view.calls.failed > 0 && (view.lastErrorAt ?? '') > (view.lastOkAt ?? '') ? 'failing' : 'well';
}
