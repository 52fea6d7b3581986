import { verifyTelegramSecret } from '@holdfast/channels';
import { insertAudit, loadChannelForHook, type ChannelSecret } from '@holdfast/db';
import { cleanText } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { jsonLimits, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import { hookSecretOf } from '../routes/channel-routes.ts';

/**
 * A provider's webhook. The caller is proven before a byte is parsed; what it brought is committed before it hears 2xx,
 * and a failed insert answers 5xx so that the provider sends it again.
 */
export async function answerChannelHook(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const channel = await loadChannelForHook(deps.pool, cleanText(String(request.params['channelId'])));
  if (channel?.kind !== 'telegram' || channel.config['delivery'] !== 'webhook') throw missingResource();
  await proveCaller(deps, channel, request);
  if (request.method !== 'POST') throw missingResource();
  const update = parseStrictJson(await readBody(request, jsonLimits), { refuseLossyKeys: false });
  await deps.receiveTelegram(channel, update);
  response.json({ ok: true });
}

async function proveCaller({ pool, secrets }: ServerDeps, channel: ChannelSecret, request: Request): Promise<void> {
  try {
    verifyTelegramSecret(hookSecretOf(secrets, channel.id), request.get('x-telegram-bot-api-secret-token'));
  } catch (error) {
    await insertAudit(pool, {
      workspaceId: channel.workspaceId,
      actorId: null,
      actorName: 'unknown caller',
      action: 'hook.refused',
      subject: channel.id,
      ip: request.socket.remoteAddress ?? null,
    });
    throw error;
  }
}
