import { createHash, timingSafeEqual } from 'node:crypto';
import { insertAudit, loadChannelForHook } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { cleanText } from '../http/clean-json.ts';
import { maxJsonBytes, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import { openTelegramSecret } from '../routes/channel-routes.ts';

/**
 * A provider's webhook. The caller is proven before a byte is parsed; what it brought is committed before it hears 2xx,
 * and a failed insert answers 5xx so that the provider sends it again.
 */
export async function answerChannelHook(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const { pool, secrets, channels, runs } = deps;
  const channel = await loadChannelForHook(pool, cleanText(String(request.params['channelId'])));
  if (channel?.kind !== 'telegram') throw missingResource();
  // Without a stored secret nobody can be proven: never open until configured.
  if (!channel.secret || !channel.keyId || channel.config['delivery'] !== 'webhook') throw missingResource();
  const { hookSecret } = openTelegramSecret(secrets, { secret: channel.secret, keyId: channel.keyId });
  if (!isSame(request.get('x-telegram-bot-api-secret-token') ?? '', hookSecret)) {
    await insertAudit(pool, { workspaceId: channel.workspaceId, actorId: null, actorName: 'unknown caller', action: 'hook.refused', subject: channel.id, ip: request.socket.remoteAddress ?? null });
    throw new HoldfastError('auth.signature', { detail: 'The secret token of this call does not fit the channel.', hint: 'Connect the channel again; the provider then gets the right one.' });
  }
  if (request.method !== 'POST') throw missingResource();
  const update = parseStrictJson(await readBody(request, maxJsonBytes), { refuseLossyKeys: false });
  await runs.ingest(channel, channels.parseTelegramUpdate(update, channel.config));
  response.json({ ok: true });
}

/** Compares in the same time whatever differs, also for different lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
