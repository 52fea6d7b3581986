import { endpoints, type Credential } from '@holdfast/contracts';
import {
  deleteCredential,
  insertCredential,
  listCredentials,
  loadCredential,
  newId,
  updateCredential,
  type CredentialView,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function credentialRoutes({ pool, secrets, probes }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadCredential(pool, { workspaceId: caller.workspaceId, id: params.id });
  const reload = async (caller: Caller, id: string) => {
    const view = await loadCredential(pool, { workspaceId: caller.workspaceId, id });
    if (!view) throw missingResource();
    return toCredential(view);
  };
  return [
    route(endpoints.listCredentials, {
      run: async ({ caller }) => ({ items: (await listCredentials(pool, caller.workspaceId)).map(toCredential) }),
    }),
    route(endpoints.createCredential, {
      run: async ({ body, caller }) => {
        const id = newId('credential');
        checkSecret(body.kind, body.secret);
        await insertCredential(pool, {
          id,
          workspaceId: caller.workspaceId,
          ...fieldsOf(body),
          ...secrets.seal(JSON.stringify(body.secret)),
        });
        await auditOf(pool, caller, { action: 'credential.created', subject: id, detail: fieldsOf(body) });
        return await reload(caller, id);
      },
    }),
    route(endpoints.updateCredential, {
      load,
      run: async ({ loaded, body, caller }) => {
        if (body.secret === undefined && body.kind !== loaded.kind)
          throw new HoldfastError('request.invalid', {
            detail: 'Another kind needs its own secret.',
            hint: 'Enter the secret again.',
            path: 'secret',
          });
        if (body.secret !== undefined) checkSecret(body.kind, body.secret);
        refuseNewTarget(loaded, body);
        const sealed = body.secret === undefined ? { secret: null, keyId: null } : secrets.seal(JSON.stringify(body.secret));
        await updateCredential(pool, { id: loaded.id, workspaceId: caller.workspaceId, ...fieldsOf(body), ...sealed });
        await auditOf(pool, caller, {
          action: 'credential.changed',
          subject: loaded.id,
          detail: { before: fieldsOf(loaded), after: fieldsOf(body), newSecret: body.secret !== undefined },
        });
        return await reload(caller, loaded.id);
      },
    }),
    route(endpoints.deleteCredential, {
      load,
      run: async ({ loaded, caller }) => {
        const live = loaded.usedBy.filter((use) => use.isLive).map((use) => use.name);
        if (live.length > 0)
          throw new HoldfastError('resource.conflict', {
            detail: `"${loaded.name}" is used by the live ${live.length === 1 ? 'flow' : 'flows'} ${live.map((name) => `"${name}"`).join(', ')}.`,
            hint: 'Choose another credential there and publish, then remove this one.',
          });
        await deleteCredential(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'credential.removed', subject: loaded.id, detail: { name: loaded.name } });
        return ok;
      },
    }),
    route(endpoints.testCredential, {
      load,
      run: ({ loaded, caller }) => probes.credential({ workspaceId: caller.workspaceId, id: loaded.id }),
    }),
  ];
}

interface Fields {
  name: string;
  kind: Credential['kind'];
  baseUrl?: string | null | undefined;
  allowedHosts?: string[] | undefined;
}
const fieldsOf = ({ name, kind, baseUrl, allowedHosts }: Fields) => ({
  name,
  kind,
  baseUrl: baseUrl ?? null,
  allowedHosts: allowedHosts ?? [],
});

/** A stored secret must not be sent to a place that whoever entered it never named. */
function refuseNewTarget(before: Fields, after: Fields & { secret?: unknown }): void {
  if (after.secret !== undefined) return;
  const known = new Set(before.allowedHosts ?? []);
  const isWider = (after.baseUrl ?? null) !== (before.baseUrl ?? null) || (after.allowedHosts ?? []).some((host) => !known.has(host));
  if (isWider)
    throw new HoldfastError('request.invalid', {
      detail: 'This would let the stored secret go to another address.',
      hint: 'Enter the secret again to allow it.',
      path: 'secret',
    });
}

const neededKeys: Record<Credential['kind'], readonly string[]> = {
  bearer: ['token'],
  basic: ['username', 'password'],
  header: ['name', 'value'],
  groq: ['apiKey'],
  claude: ['apiKey'],
  'openai-compatible': [],
};

function checkSecret(kind: Credential['kind'], secret: Record<string, string>): void {
  for (const key of neededKeys[kind]) {
    if ((secret[key] ?? '').trim() === '')
      throw new HoldfastError('request.invalid', { detail: `A credential of this kind needs "${key}".`, path: `secret.${key}` });
  }
  for (const [key, value] of Object.entries(secret)) {
    if (/[\r\n\0]/.test(value))
      throw new HoldfastError('request.invalid', {
        detail: `"${key}" holds a line break, which no header can carry.`,
        hint: 'Copy it again without the line break.',
        path: `secret.${key}`,
      });
  }
}

const toCredential = ({ usedBy, ...credential }: CredentialView): Credential => ({
  ...credential,
  usedBy: usedBy.map(({ flow, name }) => ({ flow, name })),
});
