import {
  credentialKinds,
  credentialType,
  endpoints,
  isAllowed,
  needsConsent,
  type Credential,
  type CredentialKind,
  type WayInput,
} from '@holdfast/contracts';
import {
  countKeptWith,
  deleteCredential,
  forgetProbes,
  insertCredential,
  listCredentials,
  loadCredential,
  newId,
  setWatched,
  setCredentialWay,
  transaction,
  updateCredential,
  type CredentialView,
  type CredentialWay,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { isSameWay, refuseWay, storedWay, wayFacts } from './credential-way.ts';
import { withOldKey } from './keep-old-key.ts';
import { redirectUriOf } from './connection-routes.ts';

export const credentialRoutes = (deps: ServerDeps): Route[] => [
  listRoute(deps),
  createRoute(deps),
  updateRoute(deps),
  deleteRoute(deps),
  testRoute(deps),
  watchRoute(deps),
];

/** The credential that a path names. */
const loader =
  ({ pool }: ServerDeps) =>
  ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadCredential(pool, { workspaceId: caller.workspaceId, id: params.id });

async function reload({ pool }: ServerDeps, { workspaceId }: Caller, id: string): Promise<Credential> {
  const view = await loadCredential(pool, { workspaceId, id });
  if (!view) throw missingResource();
  return toCredential(view);
}

function listRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.listCredentials, {
    run: async ({ caller, request }) => ({
      items: (await listCredentials(pool, caller.workspaceId)).map(toCredential),
      redirectUri: redirectUriOf(deps, request),
    }),
  });
}

function createRoute(deps: ServerDeps): Route {
  const { pool, secrets } = deps;
  return route(endpoints.createCredential, {
    run: async ({ body, caller }) => {
      refuseUntrusted(caller, body.baseUrl ?? null);
      refuseInside(caller, null, body);
      refuseWay(caller, [body.via]);
      const { workspaceId } = caller;
      const id = newId('credential');
      const way = await storedWay(deps, { workspaceId, via: body.via, before: null });
      const sealed = secrets.seal(JSON.stringify(await withOldKey(deps, { workspaceId, id, kind: body.kind }, body.secret)));
      await transaction(pool, async (client) => {
        await insertCredential(client, { id, workspaceId, ...fieldsOf(body), ...beginningOf(body), ...sealed });
        await setCredentialWay(client, { workspaceId, id, way });
      });
      await auditOf(pool, caller, { action: 'credential.created', subject: id, detail: auditedOf(body) });
      return await reload(deps, caller, id);
    },
  });
}

function updateRoute(deps: ServerDeps): Route {
  const { pool, secrets } = deps;
  return route(endpoints.updateCredential, {
    load: loader(deps),
    run: async ({ loaded, body, caller }) => {
      refuseOtherKind(loaded, body);
      refuseNewTarget(loaded, body);
      refuseWay(caller, [loaded.via, body.via]);
      if (body.baseUrl !== loaded.baseUrl) refuseUntrusted(caller, body.baseUrl ?? null);
      refuseInside(caller, loaded, body);
      const { workspaceId } = caller;
      const stored = { workspaceId, id: loaded.id, kind: body.kind };
      const sealed =
        body.secret === undefined
          ? { secret: null, keyId: null }
          : secrets.seal(JSON.stringify(await withOldKey(deps, stored, body.secret)));
      const way = await storedWay(deps, { workspaceId, via: body.via, before: loaded.via });
      await transaction(pool, async (client) => {
        await updateCredential(client, { id: loaded.id, workspaceId, ...fieldsOf(body), ...beginningOf(body), ...sealed });
        await setCredentialWay(client, { workspaceId, id: loaded.id, way });
      });
      await forgetProbes(pool, stored);
      await auditOf(pool, caller, {
        action: 'credential.changed',
        subject: loaded.id,
        detail: {
          before: auditedOf({ ...loaded, kind: kindOf(loaded) }),
          after: auditedOf(body),
          newSecret: body.secret !== undefined,
          ...keptOf(body.secret),
        },
      });
      return await reload(deps, caller, loaded.id);
    },
  });
}

function deleteRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.deleteCredential, {
    load: loader(deps),
    run: async ({ loaded, caller }) => {
      const live = loaded.usedBy.filter((use) => use.isLive).map((use) => use.name);
      if (live.length > 0)
        throw new HoldfastError('resource.conflict', {
          detail: say`"${loaded.name}" is used by the live ${live.length === 1 ? 'flow' : 'flows'} ${live.map((name) => `"${name}"`).join(', ')}.`,
          hint: 'Choose another connection there and publish, then remove this one.',
        });
      const kept = await countKeptWith(pool, { workspaceId: caller.workspaceId, credential: loaded.id });
      if (kept > 0)
        throw new HoldfastError('resource.conflict', {
          detail: say`What is kept for later (${kept}) goes out with "${loaded.name}".`,
          hint: 'Let it be delivered first, or discard it: under Providers, “What waits”.',
        });
      await deleteCredential(pool, { workspaceId: caller.workspaceId, id: loaded.id });
      await auditOf(pool, caller, { action: 'credential.removed', subject: loaded.id, detail: { name: loaded.name } });
      return ok;
    },
  });
}

function testRoute(deps: ServerDeps): Route {
  const { probes } = deps;
  return route(endpoints.testCredential, {
    load: loader(deps),
    run: ({ loaded, caller }) => probes.credential({ workspaceId: caller.workspaceId, id: loaded.id }),
  });
}

function watchRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.watchCredential, {
    load: loader(deps),
    run: async ({ loaded, body, caller }) => {
      await setWatched(pool, { workspaceId: caller.workspaceId, id: loaded.id, isWatched: body.isWatched });
      await auditOf(pool, caller, { action: body.isWatched ? 'credential.watched' : 'credential.unwatched', subject: loaded.id });
      return await reload(deps, caller, loaded.id);
    },
  });
}

/** How long the key before a new one stays good, for the audit. */
const keptOf = (secret: Readonly<Record<string, unknown>> | undefined) =>
  typeof secret?.['keepOld'] === 'string' ? { keepOld: secret['keepOld'] } : {};

interface Fields {
  name: string;
  kind: CredentialKind;
  baseUrl?: string | null | undefined;
  allowedHosts?: string[] | undefined;
  settings: Record<string, unknown>;
  via?: WayInput | CredentialWay | null | undefined;
}
const fieldsOf = ({ name, kind, baseUrl, allowedHosts, settings }: Fields) => ({
  name,
  kind,
  baseUrl: baseUrl ?? null,
  allowedHosts: allowedHosts ?? [],
  settings: textsOf(settings),
});

const auditedOf = (fields: Fields) => ({ ...fieldsOf(fields), via: wayFacts(fields.via) });

/** Left out and empty are the same: not set. */
const textsOf = (settings: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).flatMap(([key, value]) => (typeof value === 'string' && value !== '' ? [[key, value]] : [])));

/** What a new secret makes of it: some work at once, some wait for somebody's consent. */
function beginningOf({ kind, settings, baseUrl, secret }: Fields & { secret?: Record<string, unknown> | undefined }) {
  const facts = { settings: textsOf(settings), account: {}, baseUrl: baseUrl ?? null };
  const email = kind === 'google-service-account' && typeof secret?.['key'] === 'string' ? emailOf(secret['key']) : null;
  return {
    state: needsConsent(kind, facts) ? ('unconnected' as const) : ('ready' as const),
    account: (email === null ? {} : { email }) as Record<string, string>, // an empty literal would be typed as having no keys
  };
}

function emailOf(key: string): string | null {
  const parsed: unknown = JSON.parse(key);
  return typeof parsed === 'object' && parsed !== null && 'client_email' in parsed ? String(parsed.client_email) : null;
}

function refuseOtherKind(before: { kind: string }, after: { kind: string; secret?: unknown }): void {
  if (after.secret !== undefined || after.kind === before.kind) return;
  throw new HoldfastError('request.invalid', {
    detail: 'Another kind needs its own secret.',
    hint: 'Enter the secret again.',
    path: 'secret',
  });
}

/** A stored secret must not be sent to a place that whoever entered it never named. */
function refuseNewTarget(before: Omit<Fields, 'kind'>, after: Omit<Fields, 'kind'> & { secret?: unknown }): void {
  if (after.secret !== undefined) return;
  const known = new Set(before.allowedHosts ?? []);
  const isWider = (after.baseUrl ?? null) !== (before.baseUrl ?? null) || (after.allowedHosts ?? []).some((host) => !known.has(host));
  if (isWider || differs(before, after) || !isSameWay(before.via, after.via))
    throw new HoldfastError('request.invalid', {
      detail: 'This would let the stored secret go to another address.',
      hint: 'Enter the secret again to allow it.',
      path: 'secret',
    });
}

function differs(before: Pick<Fields, 'settings'>, after: Pick<Fields, 'settings'>): boolean {
  const [was, is] = [textsOf(before.settings), textsOf(after.settings)];
  return [...Object.keys(was), ...Object.keys(is)].some((key) => was[key] !== is[key]);
}

/** Calls to it go wherever it leads, also where flows must not: only an administrator's word opens that. */
function refuseUntrusted({ role }: Caller, baseUrl: string | null): void {
  if (baseUrl === null || isAllowed(role, 'settings.manage')) return;
  throw new HoldfastError('auth.forbidden', {
    detail: say`A base address is trusted even inside your own network, so the role "${role}" may not set one.`,
    hint: 'Name the hosts that the secret may go to instead, or ask an administrator to set the address.',
    path: 'baseUrl',
  });
}

/** The same for a server that is spoken to in another way: inside the network it is an administrator's word, also what it is called. */
function refuseInside({ role }: Caller, before: Pick<Fields, 'settings'> | null, after: Pick<Fields, 'settings'>): void {
  if (after.settings['network'] !== 'inside' || isAllowed(role, 'settings.manage')) return;
  if (before && !differs(before, after)) return;
  throw new HoldfastError('auth.forbidden', {
    detail: say`A server inside your own network is reached as if flows stood there too, so the role "${role}" may not name one.`,
    hint: 'Ask an administrator to add or change this connection.',
    path: 'settings.network',
  });
}

const kindOf = ({ kind }: CredentialView): CredentialKind => {
  const known = credentialKinds.find((each) => each === kind);
  if (!known) throw new HoldfastError('internal', { detail: say`A connection has the unknown kind "${kind}".` });
  return known;
};

const untried = { isWatched: true, checkedAt: null, lastOkAt: null, lastFailedAt: null, problem: null, failures: 0 };

const toCredential = ({ usedBy, account, health, ...credential }: CredentialView): Credential => {
  const kind = kindOf({ usedBy, account, health, ...credential });
  return {
    ...credential,
    kind,
    account: account['email'] ?? account['realmId'] ?? credential.settings['shop'] ?? '',
    needsConsent: credentialType(kind).grant !== undefined && needsConsent(kind, { ...credential, account }),
    health: { ...(health ?? untried), canBeWatched: credentialType(kind).probe !== 'nothing' },
    usedBy: usedBy.map(({ flow, name }) => ({ flow, name })),
  };
};
