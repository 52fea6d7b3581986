import { endpoints, type Provider } from '@holdfast/contracts';
import {
  drainProvider,
  listProviderViews,
  loadProviderView,
  pauseProvider,
  resumeProvider,
  setProviderLimits,
  tryProviderNow,
  type CallWindow,
  type ProviderView,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { everyMsOf, ownWindows } from '@holdfast/providers';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function providerRoutes({ pool }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadProviderView(pool, { workspaceId: caller.workspaceId, key: params.id });
  const actOn = ({ workspaceId }: Caller, loaded: ProviderView) => ({
    workspaceId,
    key: loaded.key,
    everyMs: everyMsOf(windowsOf(loaded)[1]),
  });
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
        const waiting = await resumeProvider(pool, actOn(caller, loaded));
        await auditOf(pool, caller, { action: 'provider.resumed', subject: loaded.key, detail: { waiting } });
        return { waiting };
      },
    }),
    route(endpoints.drainProvider, {
      load,
      run: async ({ loaded, body, caller }) => {
        noChannel(loaded);
        const waiting = await drainProvider(pool, { ...actOn(caller, loaded), by: caller.name, note: body.note });
        await auditOf(pool, caller, { action: 'provider.draining', subject: loaded.key, detail: { waiting, note: body.note } });
        return { waiting };
      },
    }),
    route(endpoints.tryProvider, {
      load,
      run: async ({ loaded, caller }) => {
        const waiting = await tryProviderNow(pool, actOn(caller, loaded));
        await auditOf(pool, caller, { action: 'provider.tried', subject: loaded.key, detail: { waiting } });
        return { waiting };
      },
    }),
    route(endpoints.limitProvider, {
      load,
      run: async ({ loaded, body: { limits }, caller }) => {
        noChannel(loaded);
        const everyMs = everyMsOf(windowsOf({ ...loaded, limits })[1]);
        await setProviderLimits(pool, { workspaceId: caller.workspaceId, key: loaded.key, limits, everyMs });
        await auditOf(pool, caller, { action: 'provider.limited', subject: loaded.key, detail: { limits } });
        return ok;
      },
    }),
  ];
}

/** How fast a channel sends is its own setting. */
function noChannel({ kind, name }: ProviderView): void {
  if (kind === 'channel')
    throw new HoldfastError('request.invalid', {
      detail: say`“${name}” is a channel: here it can be paused and resumed; its limits are set on its own page.`,
    });
}

function toProvider(given: ProviderView): Provider {
  const { key, learnt: _learnt, limits: _limits, ...view } = given;
  const [limitsFrom, windows] = windowsOf(given);
  return { ...view, id: key, state: stateOf(view), limits: [...windows], limitsFrom };
}

/** How often it may be called, and who says so; as processes decide it. */
function windowsOf({
  kind,
  limits,
  learnt,
}: Pick<ProviderView, 'kind' | 'limits' | 'learnt'>): [Provider['limitsFrom'], readonly CallWindow[]] {
  if (limits !== null) return ['set', limits];
  if (learnt !== null) return ['learnt', learnt];
  const own = ownWindows(kind);
  return own.length > 0 ? ['kind', own] : ['none', []];
}

function stateOf(view: Omit<ProviderView, 'key' | 'limits' | 'learnt'>): Provider['state'] {
  if (view.pausedAt !== null) return 'paused';
  if (view.drainingAt !== null) return 'draining';
  if (view.downSince !== null) return 'down';
  if (view.heldUntil !== null) return 'resting';
  if (view.calls.ok + view.calls.failed + view.calls.limited === 0) return 'quiet';
  return view.calls.failed > 0 && (view.lastErrorAt ?? '') > (view.lastOkAt ?? '') ? 'failing' : 'well';
}
