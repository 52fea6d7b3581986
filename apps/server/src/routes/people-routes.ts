import { endpoints, type Role } from '@holdfast/contracts';
import {
  deleteApiKey,
  deleteMember,
  deleteSessionsOf,
  deleteUserWithoutWorkspace,
  findUserByEmail,
  insertApiKey,
  insertMember,
  insertPassword,
  insertUser,
  listApiKeys,
  listMembers,
  loadApiKey,
  loadMember,
  lockOwners,
  newId,
  setMemberRole,
  transaction,
  type PoolClient,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { hashPassword } from 'better-auth/crypto';
import { hashApiKey, keyStart, makeApiKey } from '../auth/api-key.ts';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function peopleRoutes({ pool, live }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadMember(pool, { workspaceId: caller.workspaceId, id: params.id });
  const reload = async (caller: Caller, id: string) =>
    (await loadMember(pool, { workspaceId: caller.workspaceId, id })) ?? Promise.reject(missingResource());
  return [
    route(endpoints.listMembers, { run: async ({ caller }) => ({ items: await listMembers(pool, caller.workspaceId) }) }),
    route(endpoints.createMember, {
      run: async ({ body, caller }) => {
        refuseOwnerGrant(caller, body.role);
        const passwordHash = await hashPassword(body.password);
        const id = newId('member');
        await transaction(pool, async (client) => {
          await addPerson(client, {
            memberId: id,
            workspaceId: caller.workspaceId,
            name: body.name,
            email: body.email,
            role: body.role,
            passwordHash,
            mustChangePassword: true,
          });
          await auditOf(client, caller, {
            action: 'member.added',
            subject: id,
            detail: { email: body.email.toLowerCase(), role: body.role },
          });
        });
        return await reload(caller, id);
      },
    }),
    route(endpoints.updateMember, {
      load,
      run: async ({ loaded, body, caller }) => {
        refuseOwnerGrant(caller, body.role);
        refuseOwnerGrant(caller, loaded.role);
        await transaction(pool, async (client) => {
          if (body.role !== 'owner') await keepOneOwner(client, caller.workspaceId, loaded.id);
          await setMemberRole(client, { workspaceId: caller.workspaceId, id: loaded.id, role: body.role });
          await auditOf(client, caller, { action: 'member.role', subject: loaded.id, detail: { before: loaded.role, after: body.role } });
        });
        live.closeStreamsOf(loaded.userId);
        return await reload(caller, loaded.id);
      },
    }),
    route(endpoints.deleteMember, {
      load,
      run: async ({ loaded, caller }) => {
        refuseOwnerGrant(caller, loaded.role);
        await transaction(pool, async (client) => {
          await keepOneOwner(client, caller.workspaceId, loaded.id);
          await deleteMember(client, { workspaceId: caller.workspaceId, id: loaded.id });
          await deleteSessionsOf(client, loaded.userId);
          await deleteUserWithoutWorkspace(client, loaded.userId);
          await auditOf(client, caller, {
            action: 'member.removed',
            subject: loaded.id,
            detail: { email: loaded.email, role: loaded.role },
          });
        });
        live.closeStreamsOf(loaded.userId);
        return ok;
      },
    }),
  ];
}

export function keyRoutes({ pool, live }: ServerDeps): Route[] {
  return [
    route(endpoints.listKeys, { run: async ({ caller }) => ({ items: await listApiKeys(pool, caller.workspaceId) }) }),
    route(endpoints.createKey, {
      run: async ({ body, caller }) => {
        const key = makeApiKey();
        const made = await insertApiKey(pool, {
          id: newId('apiKey'),
          workspaceId: caller.workspaceId,
          name: body.name,
          role: body.role,
          hash: hashApiKey(key),
          start: keyStart(key),
          createdBy: caller.name,
        });
        await auditOf(pool, caller, { action: 'key.created', subject: made.id, detail: { name: body.name, role: body.role } });
        return { ...made, key };
      },
    }),
    route(endpoints.deleteKey, {
      load: ({ caller, params }) => loadApiKey(pool, { workspaceId: caller.workspaceId, id: params.id }),
      run: async ({ loaded, caller }) => {
        await deleteApiKey(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'key.revoked', subject: loaded.id, detail: { name: loaded.name } });
        live.closeStreamsOf(loaded.id);
        return ok;
      },
    }),
  ];
}

interface NewPerson {
  memberId: string;
  workspaceId: string;
  name: string;
  email: string;
  role: Role;
  passwordHash: string;
  mustChangePassword: boolean;
}

export async function addPerson(client: PoolClient, person: NewPerson): Promise<{ userId: string }> {
  if (await findUserByEmail(client, person.email))
    throw new HoldfastError('resource.conflict', { detail: say`${person.email} has an account here already.`, path: 'email' });
  const userId = newId('user');
  await insertUser(client, { id: userId, name: person.name, email: person.email, mustChangePassword: person.mustChangePassword });
  await insertPassword(client, { id: newId('account'), userId, passwordHash: person.passwordHash });
  await insertMember(client, { id: person.memberId, workspaceId: person.workspaceId, userId, role: person.role });
  return { userId };
}

/** An admin can neither make owners nor change them. */
function refuseOwnerGrant(caller: Caller, role: Role): void {
  if (role === 'owner' && caller.role !== 'owner')
    throw new HoldfastError('auth.forbidden', {
      detail: 'Only an owner may make, change or remove an owner.',
      hint: 'Ask an owner of this workspace.',
      path: 'role',
    });
}

async function keepOneOwner(client: PoolClient, workspaceId: string, memberId: string): Promise<void> {
  const owners = await lockOwners(client, workspaceId);
  if (owners.length === 1 && owners[0] === memberId)
    throw new HoldfastError('request.invalid', {
      detail: 'A workspace needs an owner, and this is its only one.',
      hint: 'Make somebody else an owner first.',
      path: 'role',
    });
}
