import { findFirstWorkspace, hasUsers, insertAudit, lockSetup, newId, renameWorkspace, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { hashPassword } from 'better-auth/crypto';
import type { ServerDeps } from '../deps.ts';
import { addPerson } from '../routes/people-routes.ts';
import { insertNewWorkspace } from './new-workspace.ts';

export interface FirstOwner {
  name: string;
  email: string;
  password: string;
  workspace: string;
  ip: string | null;
}

/** Makes the owner of the first workspace. Works once: of two at the same time one gets `resource.conflict`. */
export async function createFirstOwner(deps: Pick<ServerDeps, 'pool' | 'catalog' | 'demoUrl'>, owner: FirstOwner): Promise<void> {
  const { pool } = deps;
  if (await hasUsers(pool)) throw closed();
  const passwordHash = await hashPassword(owner.password);
  await transaction(pool, async (client) => {
    await lockSetup(client);
    if (await hasUsers(client)) throw closed();
    const workspaceId = (await findFirstWorkspace(client))?.id ?? (await insertNewWorkspace(client, deps, owner.workspace));
    await renameWorkspace(client, { id: workspaceId, name: owner.workspace });
    const { userId } = await addPerson(client, {
      memberId: newId('member'),
      workspaceId,
      name: owner.name,
      email: owner.email,
      role: 'owner',
      passwordHash,
      mustChangePassword: false,
    });
    await insertAudit(client, {
      workspaceId,
      actorId: userId,
      actorName: owner.name,
      action: 'setup.done',
      subject: workspaceId,
      ip: owner.ip,
    });
  });
}

const closed = () =>
  new HoldfastError('resource.conflict', {
    detail: 'This Holdfast has its first owner already.',
    hint: 'Sign in, or ask the owner to add you.',
  });
