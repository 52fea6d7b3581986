import { endpoints, mirrorTarget, type mirrorInput } from '@holdfast/contracts';
import { deleteMirror, loadMirror, loadMirrorState, newId, restartMirror, saveMirror, transaction, type MirrorRow } from '@holdfast/db';
import { asHoldfastError } from '@holdfast/errors';
import type { z } from 'zod';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { accessOf, hasCertificates, isElsewhere, sealAccess } from '../mirror/mirror-access.ts';
import { auditOf } from './audit-of.ts';

export function mirrorRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  return [
    route(endpoints.readMirror, { run: async ({ caller }) => ({ mirror: await viewMirror(deps, caller.workspaceId) }) }),
    route(endpoints.saveMirror, {
      run: async ({ body, caller }) => {
        await save(deps, body, caller);
        await auditOf(pool, caller, {
          action: 'mirror.saved',
          subject: 'mirror',
          detail: { target: { ...body.target }, everySeconds: body.everySeconds, isEnabled: body.isEnabled },
        });
        const mirror = await viewMirror(deps, caller.workspaceId);
        if (!mirror) throw missingResource();
        return { mirror };
      },
    }),
    route(endpoints.deleteMirror, {
      run: async ({ caller }) => {
        const isGone = await transaction(pool, (client) => deleteMirror(client, caller.workspaceId));
        if (!isGone) throw missingResource();
        await auditOf(pool, caller, { action: 'mirror.removed', subject: 'mirror' });
        return ok;
      },
    }),
    route(endpoints.testMirror, {
      run: async ({ body, caller }) => {
        const access = accessOf(deps.secrets, body, await loadMirror(pool, caller.workspaceId));
        try {
          return { ok: true, detail: await deps.mirrors.test(access) };
        } catch (thrown) {
          const { detail, hint } = asHoldfastError(thrown, 'mirror.target');
          return { ok: false, detail, ...(hint === undefined ? {} : { hint }) };
        }
      },
    }),
    route(endpoints.restartMirror, {
      run: async ({ caller }) => {
        if (!(await restartMirror(pool, { workspaceId: caller.workspaceId, takesOver: true }))) throw missingResource();
        await auditOf(pool, caller, { action: 'mirror.restarted', subject: 'mirror' });
        return ok;
      },
    }),
  ];
}

/** A new address or password is tried first; the rest may be changed while the other database is away. */
async function save(
  deps: ServerDeps,
  body: z.infer<typeof mirrorInput>,
  { workspaceId, name }: { workspaceId: string; name: string },
): Promise<void> {
  const before = await loadMirror(deps.pool, workspaceId);
  const access = accessOf(deps.secrets, body, before);
  const moves = before === null || isElsewhere(mirrorTarget.parse(before.target), body.target);
  if (body.isEnabled && (moves || body.password !== undefined || body.certificates !== undefined)) await deps.mirrors.test(access);
  const row: MirrorRow = {
    workspaceId,
    kind: body.target.kind,
    target: { ...body.target },
    ...sealAccess(deps.secrets, access),
    everySeconds: body.everySeconds,
    isEnabled: body.isEnabled,
    updatedBy: name,
  };
  await transaction(deps.pool, (client) => saveMirror(client, { ...row, source: newId('mirror'), isElsewhere: moves }));
}

async function viewMirror(deps: ServerDeps, workspaceId: string) {
  const mirror = await loadMirror(deps.pool, workspaceId);
  if (!mirror) return null;
  const state = await loadMirrorState(deps.pool, workspaceId);
  const { target, everySeconds, isEnabled, updatedBy } = mirror;
  return {
    target: mirrorTarget.parse(target),
    everySeconds,
    isEnabled,
    updatedBy,
    hasCertificates: hasCertificates(deps.secrets, mirror),
    ...(state ?? {
      // Restored a moment ago: the next look begins it.
      phase: 'start' as const,
      isBusy: false,
      copiedRows: 0,
      pending: 0,
      lagSeconds: 0,
      syncedAt: null,
      nextAt: deps.now().toISOString(),
      failingSince: null,
      problem: null,
    }),
  };
}
