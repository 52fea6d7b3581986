import { insertAudit, noteHookRefusal, type ConnectionHook } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { cleanText } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { databasePatience } from '../http/database-patience.ts';
import { missingResource } from '../http/mount-routes.ts';
import { jsonLimits, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';

/** More than any message of a shop holds: an order with hundreds of lines. */
const maxBytes = 5 * 1024 * 1024;

/**
 * What a connected system tells: proven before a byte is parsed, and committed before it hears 2xx. Its runs begin after that, so that it is answered
 * at once whatever they do.
 */
export async function answerConnectionHook(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const inTime = databasePatience();
  const hook = await inTime(deps.triggers.find(cleanText(String(request.params['credentialId']))));
  if (!hook) throw missingResource();
  if (request.method !== 'POST')
    throw new HoldfastError('request.invalid', { detail: say`This address takes POST, not ${request.method}.` });
  const body = await readBody(request, { ...jsonLimits, maxBytes });
  const message = { headers: headersOf(request), body, read: () => parseStrictJson(body, { refuseLossyKeys: false }) };
  await inTime(deps.triggers.receive(hook, message)).catch(async (error: unknown) => {
    if (error instanceof HoldfastError && error.code.startsWith('auth.')) await noteRefusal(deps, hook, request, error.detail);
    throw error;
  });
  response.status(200).setHeader('cache-control', 'no-store');
  response.json({ state: 'received' });
}

const headersOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** Whoever knocks again and again costs one row in a minute. */
async function noteRefusal({ pool }: ServerDeps, { id, workspaceId }: ConnectionHook, request: Request, detail: string): Promise<void> {
  if (!(await noteHookRefusal(pool, { workspaceId, credentialId: id, detail }))) return;
  await insertAudit(pool, {
    workspaceId,
    actorId: null,
    actorName: 'unknown caller',
    action: 'hook.refused',
    subject: id,
    ip: request.socket.remoteAddress ?? null,
  });
}
