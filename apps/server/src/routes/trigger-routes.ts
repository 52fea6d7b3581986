import { endpoints } from '@holdfast/contracts';
import {
  checkConnectionSoon,
  loadConnectionHook,
  loadCredential,
  loadFlowView,
  loadHookView,
  loadWatchView,
  saveHookSecret,
  type CredentialView,
} from '@holdfast/db';
import { hookAddress, readSpreadsheet } from '@holdfast/triggers';
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

type Load = (call: { caller: Caller; params: { id: string } }) => Promise<CredentialView | null>;

/** What connected systems tell us, and sheets that are looked at. */
export function triggerRoutes(deps: ServerDeps): Route[] {
  const load: Load = ({ caller, params }) => loadCredential(deps.pool, { workspaceId: caller.workspaceId, id: params.id });
  const loadTelling: Load = async (call) => {
    const credential = await load(call);
    return credential && (credential.kind === 'shopify' || credential.kind === 'quickbooks') ? credential : null;
  };
  return [...hookRoutes(deps, loadTelling), ...sheetRoutes(deps, load)];
}

function hookRoutes({ pool, secrets, publicUrl, now }: ServerDeps, load: Load): Route[] {
  return [
    route(endpoints.readConnectionHook, {
      load,
      run: async ({ loaded, caller }) => {
        const view = await loadHookView(pool, { workspaceId: caller.workspaceId, credentialId: loaded.id });
        if (!view) throw missingResource();
        const { hasSecret, ...hook } = view;
        return {
          ...hook,
          url: publicUrl === null ? null : hookAddress(publicUrl, loaded.id),
          key: hasSecret ? ('entered' as const) : keyOf(loaded),
        };
      },
    }),
    route(endpoints.setHookKey, {
      load,
      run: async ({ loaded, body, caller }) => {
        const of = { workspaceId: caller.workspaceId, credentialId: loaded.id };
        const known = (await loadConnectionHook(pool, loaded.id))?.hook ?? null;
        const before = known === null ? null : signing.parse(JSON.parse(secrets.open(known))).signingKey;
        const kept =
          before === null || before === body.key
            ? {}
            : { previousKey: before, previousUntil: new Date(now().getTime() + oldKeyGoodMs).toISOString() };
        await saveHookSecret(pool, { ...of, ...secrets.seal(JSON.stringify({ signingKey: body.key, ...kept })) });
        await auditOf(pool, caller, { action: 'credential.hook-key', subject: loaded.id, detail: { name: loaded.name } });
        return ok;
      },
    }),
    route(endpoints.checkConnectionHook, {
      load,
      run: async ({ loaded, caller }) => {
        await checkConnectionSoon(pool, { workspaceId: caller.workspaceId, credentialId: loaded.id });
        await auditOf(pool, caller, { action: 'credential.hook-checked', subject: loaded.id, detail: { name: loaded.name } });
        return ok;
      },
    }),
  ];
}

/** A shop's app signs with the secret that it also gets its access by. */
const keyOf = ({ kind, settings }: CredentialView): 'own' | 'missing' =>
  kind === 'shopify' && settings['access'] !== 'token' ? 'own' : 'missing';

/** Messages that were signed before the change come for so long; Shopify itself goes on signing with the old key for an hour. */
const oldKeyGoodMs = 3_600_000;
const signing = z.object({ signingKey: z.string() });

function sheetRoutes({ pool, triggers }: ServerDeps, load: Load): Route[] {
  return [
    route(endpoints.readSheetWatch, {
      load: ({ caller, params }) => loadFlowView(pool, { workspaceId: caller.workspaceId, id: params.id }),
      run: async ({ loaded, query, caller }) => ({
        watch: await loadWatchView(pool, { workspaceId: caller.workspaceId, flowId: loaded.id, nodeId: query.node }),
      }),
    }),
    route(endpoints.readSpreadsheet, {
      load: async (call) => {
        const credential = await load(call);
        return credential && (credential.kind === 'google' || credential.kind === 'google-service-account') ? credential : null;
      },
      run: ({ loaded, query, caller }) =>
        readSpreadsheet(triggers.egressFor(caller.workspaceId), {
          credential: loaded.id,
          spreadsheet: query.spreadsheet,
          sheet: query.sheet ?? '',
        }),
    }),
  ];
}
