import { endpoints, problem, type Channel } from '@holdfast/contracts';
import {
  deleteChannel,
  insertChannel,
  loadChannelForHook,
  loadChannelView,
  listChannelViews,
  newId,
  notifyLive,
  saveChannelHealth,
  updateChannel,
  type ChannelView,
} from '@holdfast/db';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

/** What Telegram must show with each webhook call; made from the master key, so nothing has to be stored. Of A–Z a–z 0–9 _ -. */
export const hookSecretOf = (secrets: ServerDeps['secrets'], channelId: string): string =>
  secrets.derive(`channel-hook/${channelId}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

export function channelRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadChannelView(pool, { workspaceId: caller.workspaceId, id: params.id });
  const reload = async (caller: Caller, id: string) => {
    const view = await loadChannelView(pool, { workspaceId: caller.workspaceId, id });
    if (!view) throw missingResource();
    notifyLive(pool, caller.workspaceId, { kind: 'channel', channel: id });
    return toChannel(view);
  };
  return [
    route(endpoints.listChannels, {
      run: async ({ caller }) => ({ items: (await listChannelViews(pool, caller.workspaceId)).map(toChannel) }),
    }),
    route(endpoints.createChannel, {
      run: async ({ body, caller }) => {
        const id = await connectTelegram(deps, caller.workspaceId, body);
        await auditOf(pool, caller, { action: 'channel.connected', subject: id, detail: { kind: body.kind, delivery: body.delivery } });
        return await reload(caller, id);
      },
    }),
    route(endpoints.updateChannel, {
      load,
      run: async ({ loaded, body, caller }) => {
        await changeChannel(deps, loaded, body);
        await auditOf(pool, caller, {
          action: 'channel.changed',
          subject: loaded.id,
          detail: { name: body.name ?? loaded.name, status: body.status ?? loaded.status, newToken: body.token !== undefined },
        });
        return await reload(caller, loaded.id);
      },
    }),
    route(endpoints.deleteChannel, {
      load,
      run: async ({ loaded, caller }) => {
        if (loaded.kind === 'simulator')
          throw new HoldfastError('request.invalid', {
            detail: 'The simulator is part of every workspace and can’t be removed.',
            hint: 'Pause it instead.',
          });
        await deleteChannel(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'channel.removed', subject: loaded.id, detail: { name: loaded.name, kind: loaded.kind } });
        notifyLive(pool, caller.workspaceId, { kind: 'channel', channel: loaded.id });
        return ok;
      },
    }),
    route(endpoints.testChannel, {
      load,
      run: async ({ loaded, caller }) => {
        if (loaded.kind === 'telegram') await askTelegram(deps, loaded);
        return await reload(caller, loaded.id);
      },
    }),
  ];
}

interface Connection {
  name?: string | undefined;
  token: string;
  delivery: 'polling' | 'webhook';
  publicUrl?: string | undefined;
}

async function connectTelegram(
  { pool, channels, secrets, publicUrl }: ServerDeps,
  workspaceId: string,
  connection: Connection,
): Promise<string> {
  const token = connection.token.trim();
  const bot = await channels.checkTelegramToken(token);
  const taken = (await listChannelViews(pool, workspaceId)).find(
    (each) => each.kind === 'telegram' && each.config['username'] === bot.username,
  );
  if (taken)
    throw new HoldfastError('resource.conflict', {
      detail: `@${bot.username} is already connected as "${taken.name}".`,
      hint: 'Give that channel the new token instead.',
      path: 'token',
    });
  const id = newId('channel');
  const base = connection.publicUrl?.replace(/\/+$/, '') ?? publicUrl;
  if (connection.delivery === 'polling') await channels.useTelegramDelivery({ token, delivery: 'polling' });
  else if (base === null)
    throw new HoldfastError('request.invalid', {
      detail: 'A webhook needs the public https address of this Holdfast.',
      hint: 'Enter it, set HOLDFAST_PUBLIC_URL, or choose polling, which needs no address.',
      path: 'publicUrl',
    });
  else
    await channels.useTelegramDelivery({
      token,
      delivery: 'webhook',
      url: `${base}/hooks/channels/${id}`,
      secret: hookSecretOf(secrets, id),
    });
  const config = { delivery: connection.delivery, botId: bot.botId, username: bot.username, privacyMode: bot.privacyMode };
  await insertChannel(pool, { id, workspaceId, kind: 'telegram', name: connection.name ?? bot.name, config, ...secrets.seal(token) });
  await saveChannelHealth(pool, { workspaceId, id, problem: null, status: 'active' });
  return id;
}

async function changeChannel(
  { pool, channels, secrets }: ServerDeps,
  channel: ChannelView,
  change: { name?: string | undefined; status?: 'active' | 'paused' | undefined; token?: string | undefined },
): Promise<void> {
  const base = { workspaceId: channel.workspaceId, id: channel.id, name: change.name ?? null, status: change.status ?? null };
  if (change.token === undefined) return await updateChannel(pool, { ...base, config: null, secret: null, keyId: null });
  if (channel.kind !== 'telegram') throw new HoldfastError('request.invalid', { detail: 'The simulator has no token.', path: 'token' });
  const token = change.token.trim();
  const bot = await channels.checkTelegramToken(token);
  const config = { ...channel.config, botId: bot.botId, username: bot.username, privacyMode: bot.privacyMode };
  await updateChannel(pool, { ...base, config, ...secrets.seal(token) });
  await saveChannelHealth(pool, { workspaceId: channel.workspaceId, id: channel.id, problem: null, status: null });
}

/** Notes what the provider says; a refused token marks the channel as broken. */
async function askTelegram({ pool, channels, secrets }: ServerDeps, channel: ChannelView): Promise<void> {
  const at = { workspaceId: channel.workspaceId, id: channel.id };
  try {
    const sealed = await loadChannelForHook(pool, channel.id);
    if (!sealed?.secret || !sealed.keyId)
      throw new HoldfastError('channel.token', { detail: `"${channel.name}" has no token.`, hint: 'Give it one.' });
    await channels.checkTelegramToken(secrets.open({ secret: sealed.secret, keyId: sealed.keyId }));
    await saveChannelHealth(pool, { ...at, problem: null, status: 'active' });
  } catch (error) {
    const known = asHoldfastError(error, 'upstream.unreachable');
    await saveChannelHealth(pool, { ...at, problem: { ...toProblem(known) }, status: known.code === 'channel.token' ? 'broken' : null });
  }
}

const health = z
  .object({ checkedAt: z.string().nullable().catch(null).default(null), problem: problem.nullable().catch(null).default(null) })
  .catch({ checkedAt: null, problem: null });

function toChannel(view: ChannelView): Channel {
  const { checkedAt, problem: found } = health.parse(view.health);
  return {
    id: view.id,
    kind: view.kind,
    name: view.name,
    status: view.status,
    config: view.config,
    createdAt: view.createdAt,
    health: { checkedAt, problem: found, lastInAt: view.lastInAt, lastOutAt: view.lastOutAt, queued: view.queued },
  };
}
