import { openAccount, type ChannelAccount, type WebhookAnswer, type WebhookRequest } from '@holdfast/channels';
import { insertAudit, loadChannelForHook } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { cleanText } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { databasePatience } from '../http/database-patience.ts';
import { missingResource } from '../http/mount-routes.ts';
import { jsonLimits, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import { hookBaseOf, hookSecretOf } from './hook-address.ts';

/**
 * A provider's webhook, for every channel kind that has one. The caller is proven before a byte is parsed; what it brought is
 * committed before it hears 2xx, and a failed insert answers 5xx so that the provider sends it again.
 */
export async function answerChannelHook(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const inTime = databasePatience();
  const channel = await inTime(loadChannelForHook(deps.pool, cleanText(String(request.params['channelId']))));
  const webhook = channel && deps.channels.find(channel.kind)?.webhook;
  if (!channel || !webhook) throw missingResource();
  const account = openAccount({ openSecret: deps.secrets.open, log: deps.logger }, channel);
  if (!account) throw new HoldfastError('internal', { detail: say`The secret of the channel "${channel.name}" can’t be opened.` });
  const body = await readBody(request, { ...jsonLimits, maxBytes: webhook.maxBytes });
  const answer = await inTime(webhook.receive(account, describeCall(deps, account, request, body))).catch(async (error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'auth.signature') await noteRefusal(deps, account, request);
    throw error;
  });
  send(response, answer);
}

function describeCall(deps: ServerDeps, account: ChannelAccount, request: Request, body: Buffer): WebhookRequest {
  const base = hookBaseOf(deps, account.config) ?? `${request.protocol}://${request.get('host') ?? ''}`;
  return {
    method: request.method,
    url: base + request.originalUrl,
    query: new URLSearchParams(request.originalUrl.split('?')[1] ?? ''),
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
    body,
    hookSecret: hookSecretOf(deps.secrets, account.id),
    json: () => parseStrictJson(body, { refuseLossyKeys: false }),
  };
}

/** A provider reads status and text; nothing of it may run in a browser with our origin's rights. */
function send(response: Response, { status, type, body }: WebhookAnswer): void {
  response.status(status).setHeader('cache-control', 'no-store');
  response.setHeader('content-security-policy', "sandbox; default-src 'none'");
  response.type(type ?? 'application/json').send(body);
}

async function noteRefusal({ pool }: ServerDeps, account: ChannelAccount, request: Request): Promise<void> {
  await insertAudit(pool, {
    workspaceId: account.workspaceId,
    actorId: null,
    actorName: 'unknown caller',
    action: 'hook.refused',
    subject: account.id,
    ip: request.socket.remoteAddress ?? null,
  });
}
