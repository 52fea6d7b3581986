import { roles, type Role } from '@holdfast/contracts';
import { findApiKey, findMembership, touchApiKey, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { fromNodeHeaders } from 'better-auth/node';
import type { Request, Response } from 'express';
import { hashApiKey, isApiKey } from './api-key.ts';
import type { Auth } from './auth.ts';

/** Who makes a call: a signed-in person or an API key, always inside one workspace. */
export interface Caller {
  kind: 'person' | 'key';
  /** The user's id, or the key's. */
  id: string;
  name: string;
  email: string;
  workspaceId: string;
  workspaceName: string;
  role: Role;
  mustChangePassword: boolean;
  /** Of a person who is signed in. */
  sessionId: string | null;
  /** The socket's address; forwarded headers can be written by anybody and are not looked at. */
  ip: string | null;
}

interface Deps {
  pool: Pool;
  auth: Auth;
}

/** Null without credentials or with ones that are no longer good; an Authorization header is never topped up by a cookie. */
export async function findCaller({ pool, auth }: Deps, request: Request, response: Response): Promise<Caller | null> {
  const header = request.headers.authorization;
  if (header !== undefined) return await findKeyCaller(pool, header, request.socket.remoteAddress ?? null);
  if (!request.headers.cookie) return null;
  const { response: found, headers } = await auth.api.getSession({ headers: fromNodeHeaders(request.headers), returnHeaders: true });
  if (!found) return null;
  for (const cookie of headers?.getSetCookie() ?? []) response.append('set-cookie', cookie);
  const member = await findMembership(pool, { userId: found.user.id, workspaceId: found.session.activeOrganizationId ?? null });
  if (!member) return null;
  return {
    kind: 'person',
    id: member.userId,
    name: member.userName,
    email: member.email,
    workspaceId: member.workspaceId,
    workspaceName: member.workspaceName,
    role: parseRole(member.role),
    mustChangePassword: member.mustChangePassword,
    sessionId: found.session.id,
    ip: request.socket.remoteAddress ?? null,
  };
}

async function findKeyCaller(pool: Pool, header: string, ip: string | null): Promise<Caller | null> {
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (key === undefined || !isApiKey(key)) return null;
  const owner = await findApiKey(pool, hashApiKey(key));
  if (!owner) return null;
  if (owner.isStale) await touchApiKey(pool, owner.id);
  return {
    kind: 'key',
    id: owner.id,
    name: `API key "${owner.name}"`,
    email: '',
    workspaceId: owner.workspaceId,
    workspaceName: owner.workspaceName,
    role: owner.role,
    mustChangePassword: false,
    sessionId: null,
    ip,
  };
}

function parseRole(text: string): Role {
  const role = roles.find((each) => each === text);
  if (!role) throw new HoldfastError('auth.forbidden', { detail: say`The role "${text}" is not known.` });
  return role;
}
