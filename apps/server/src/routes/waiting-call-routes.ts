import { endpoints, type HeldCall, type KeptCall } from '@holdfast/contracts';
import {
  discardHeldCalls,
  listHeldCalls,
  listKeptCalls,
  loadKeptCall,
  loadProviderView,
  retryKeptCall,
  retryKeptCalls,
  settleKeptCall,
  transaction,
  type HeldView,
  type KeptView,
  type ProviderView,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

/** What waits for a provider: calls of steps that were put off, and calls that steps kept for later. */
export function waitingCallRoutes({ pool }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadProviderView(pool, { workspaceId: caller.workspaceId, key: params.id });
  const loadKept = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadKeptCall(pool, { workspaceId: caller.workspaceId, id: params.id });
  const settle = async (caller: Caller, { id, what }: KeptView, as: 'discarded' | 'delivered', note: string) => {
    await transaction(pool, async (client) => {
      const done = await settleKeptCall(client, { workspaceId: caller.workspaceId, id, by: caller.name, note, as });
      if (!done) throw notNow();
      await auditOf(client, caller, {
        action: `kept-call.${as === 'discarded' ? 'discarded' : 'arrived'}`,
        subject: id,
        detail: { what, note },
      });
    });
    return ok;
  };
  return [
    route(endpoints.listHeldCalls, {
      load,
      run: async ({ loaded, query, caller }) => {
        const { total, asOf, items } = await listHeldCalls(pool, { workspaceId: caller.workspaceId, key: loaded.key, ...query });
        return { total, asOf, items: items.map((item) => toHeld(loaded, item)) };
      },
    }),
    route(endpoints.discardHeldCalls, {
      load,
      run: async ({ loaded, body: { asOf, reason, runs }, caller }) => {
        const { workspaceId, id: byUserId, name: byName } = caller;
        const discarded = await transaction(pool, async (client) => {
          const count = await discardHeldCalls(client, { workspaceId, key: loaded.key, byUserId, byName, reason, runs, seenAt: asOf });
          await auditOf(client, caller, { action: 'provider.discarded', subject: loaded.key, detail: { count, reason, runs } });
          return count;
        });
        return { discarded };
      },
    }),
    route(endpoints.listKeptCalls, {
      load,
      run: async ({ loaded, query, caller }) => {
        const { waiting, stopped, dueAt, items } = await listKeptCalls(pool, {
          workspaceId: caller.workspaceId,
          key: loaded.key,
          ...query,
        });
        return { waiting, stopped, items: items.map((item) => toKept(loaded, item, dueAt)) };
      },
    }),
    route(endpoints.retryKeptCalls, {
      load,
      run: async ({ loaded, caller }) => {
        const waiting = await retryKeptCalls(pool, { workspaceId: caller.workspaceId, key: loaded.key });
        await auditOf(pool, caller, { action: 'provider.kept-retried', subject: loaded.key, detail: { waiting } });
        return { waiting };
      },
    }),
    route(endpoints.retryKeptCall, {
      load: loadKept,
      run: async ({ loaded, caller }) => {
        if (!(await retryKeptCall(pool, { workspaceId: caller.workspaceId, id: loaded.id }))) throw notNow();
        await auditOf(pool, caller, { action: 'kept-call.retried', subject: loaded.id, detail: { what: loaded.what } });
        return ok;
      },
    }),
    route(endpoints.discardKeptCall, {
      load: loadKept,
      run: ({ loaded, body, caller }) => settle(caller, loaded, 'discarded', body.reason),
    }),
    route(endpoints.arrivedKeptCall, { load: loadKept, run: ({ loaded, body, caller }) => settle(caller, loaded, 'delivered', body.note) }),
  ];
}

const notNow = (): HoldfastError =>
  new HoldfastError('resource.conflict', {
    detail: 'This call is under way or over, so nothing was changed.',
    hint: 'Look at the list again: it shows what became of it.',
  });

function toHeld({ pausedAt }: ProviderView, { until, ...held }: HeldView): HeldCall {
  const isOpenEnded = pausedAt !== null || held.code !== 'upstream.limited';
  return { ...held, expectedAt: isOpenEnded ? null : until };
}

/** They go one by one, each after the answer to the one before. */
function toKept({ pausedAt, downSince, calls }: ProviderView, kept: KeptView, dueAt: string | null): KeptCall {
  const isKnown = kept.position !== null && pausedAt === null && downSince === null && kept.problem === null && kept.waitsFor === null;
  const from = Math.max(Date.now(), Date.parse(dueAt ?? '') || 0);
  const expectedAt = isKnown ? new Date(from + ((kept.position ?? 1) - 1) * (calls.averageMs ?? 1_000)).toISOString() : null;
  return { ...kept, expectedAt };
}
