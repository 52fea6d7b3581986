import { openAccount, type ChannelService, type ConnectContext, type Missing, type NewAccount } from '@holdfast/channels';
import type { ChannelConnection } from '@holdfast/contracts';
import {
  insertChannel,
  letWaitingGo,
  listChannelViews,
  loadChannelForHook,
  newId,
  replaceMessageTemplates,
  saveChannelHealth,
  updateChannel,
  type ChannelView,
} from '@holdfast/db';
import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import { channelLimits, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import { everyMsOf } from '@holdfast/providers';
import type { ServerDeps } from '../deps.ts';
import { hookContextOf } from '../hooks/hook-address.ts';

/** Checked with the provider, then stored. Answers the new channel's id. */
export async function connectChannel(deps: ServerDeps, workspaceId: string, body: ChannelConnection): Promise<string> {
  const { pool, secrets } = deps;
  const id = newId('channel');
  const own: JsonObject = body.publicUrl === undefined ? {} : { publicUrl: body.publicUrl.replace(/\/+$/, '') };
  const claim = claimFor(deps, { workspaceId, id, kind: body.kind });
  const made = await connect(deps, body, { ...hookContextOf(deps, id, own), claim });
  const config = { ...made.config, ...own };
  await insertChannel(pool, {
    id,
    workspaceId,
    kind: body.kind,
    name: body.name ?? made.name,
    config,
    status: made.status,
    ...secrets.seal(made.secret),
  });
  await saveChannelHealth(pool, { workspaceId, id, problem: null, status: null, facts: made.facts ?? {} });
  return id;
}

function connect({ channels }: ServerDeps, body: ChannelConnection, context: ConnectContext): Promise<NewAccount> {
  switch (body.kind) {
    case 'telegram':
      return channels.telegram.connect(body, context);
    case 'whatsapp':
      return channels.whatsapp.connect(body, context);
    case 'email':
      return channels.email.connect(body, context);
    case 'sms':
      return channels.sms.connect(body, context);
  }
}

/** Refuses an account that another channel of the workspace has already. */
function claimFor({ pool, channels }: ServerDeps, { workspaceId, id, kind }: { workspaceId: string; id: string; kind: string }) {
  const { key, label } = serviceOf(channels, kind).unique;
  return async (value: string): Promise<void> => {
    const all = await listChannelViews(pool, workspaceId);
    const taken = all.find((each) => each.kind === kind && each.id !== id && each.config[key] === value);
    if (taken)
      throw new HoldfastError('resource.conflict', {
        detail: say`${label(value)} is already connected as "${taken.name}".`,
        hint: 'Give that channel the new token instead.',
        path: 'token',
      });
  };
}

export interface ChannelChange {
  name?: string | undefined;
  status?: 'active' | 'paused' | undefined;
  settings?: JsonObject | undefined;
  secrets?: Record<string, string> | undefined;
}

/** Settings that every kind has and no provider is asked about. */
const commonSettings = ['limits', 'publicUrl'];

export async function changeChannel(deps: ServerDeps, channel: ChannelView, change: ChannelChange): Promise<void> {
  const { pool, channels, secrets } = deps;
  const at = { workspaceId: channel.workspaceId, id: channel.id };
  const base = { ...at, name: change.name ?? null, status: change.status ?? null };
  const { settings = {}, secrets: newSecrets = {} } = change;
  const service = channels.find(channel.kind);
  refuseUnknown('settings', Object.keys(settings), [...commonSettings, ...(service?.settings ?? [])]);
  refuseUnknown('secrets', Object.keys(newSecrets), service?.secrets ?? []);
  if (settings['limits'] !== undefined) refuseUnfit(settings['limits']);
  const asksProvider = Object.keys(newSecrets).length > 0 || Object.keys(settings).some((key) => !commonSettings.includes(key));
  if (!service || !asksProvider) {
    if (change.status === 'active') await refuseIncomplete(deps, channel);
    const config = change.settings === undefined ? null : { ...channel.config, ...settings };
    return await updateChannel(pool, { ...base, config, secret: null, keyId: null });
  }
  const account = await openChannel(deps, channel.id);
  const made = await service.change(account, { settings, secrets: newSecrets });
  const unique = made.config[service.unique.key];
  if (typeof unique === 'string') await claimFor(deps, { ...at, kind: channel.kind })(unique);
  const missing = service.missing?.({ ...account, ...made }) ?? null;
  if (missing !== null && change.status === 'active') throw incomplete(missing);
  await updateChannel(pool, { ...base, config: made.config, ...secrets.seal(made.secret) });
  await saveChannelHealth(pool, { ...at, problem: null, status: null, facts: made.facts ?? {} });
  await ringWaiting(deps, at);
}

/** Messages that waited while its token was not taken go out now, in their order. */
async function ringWaiting({ pool }: ServerDeps, { workspaceId, id }: { workspaceId: string; id: string }): Promise<void> {
  await letWaitingGo(pool, { workspaceId, key: `channel:${id}`, everyMs: everyMsOf([]) });
}

function refuseUnknown(path: 'settings' | 'secrets', given: string[], known: readonly string[]): void {
  const unknown = given.find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new HoldfastError('request.invalid', {
      detail: say`This kind of channel has no "${unknown.slice(0, 40)}".`,
      hint: known.length === 0 ? 'It has none at all.' : say`It has: ${known.join(', ')}.`,
      path: `${path}.${unknown.slice(0, 40)}`,
    });
}

/** Limits that can't be read would count as none. */
function refuseUnfit(limits: JsonValue): void {
  const { error } = channelLimits.safeParse(limits);
  const issue = error?.issues[0];
  if (issue)
    throw new HoldfastError('request.invalid', {
      detail: say`The limit "${issue.path.join('.')}" does not fit: ${issue.message}.`,
      hint: 'The limits that there are stand in docs/sending.md.',
      path: ['settings', 'limits', ...issue.path].join('.'),
    });
}

async function refuseIncomplete(deps: ServerDeps, channel: ChannelView): Promise<void> {
  const missing = deps.channels.find(channel.kind)?.missing;
  const found = missing?.(await openChannel(deps, channel.id)) ?? null;
  if (found !== null) throw incomplete(found);
}

const incomplete = (missing: Missing) => new HoldfastError('channel.incomplete', { ...missing });

/** What the provider has approved now replaces what was known. Answers false for a kind that knows no templates. */
export async function refreshTemplates(deps: ServerDeps, channel: ChannelView): Promise<boolean> {
  const service = deps.channels.find(channel.kind);
  if (!service?.templates) return false;
  const templates = await service.templates(await openChannel(deps, channel.id));
  await replaceMessageTemplates(deps.pool, { workspaceId: channel.workspaceId, channelId: channel.id, templates });
  return true;
}

/** Notes what the provider says; a refused token marks the channel as broken. */
export async function checkChannel(deps: ServerDeps, channel: ChannelView): Promise<void> {
  const { pool, channels } = deps;
  const service = channels.find(channel.kind);
  const at = { workspaceId: channel.workspaceId, id: channel.id };
  // The simulator: there is nobody to ask.
  if (!service) return await saveChannelHealth(pool, { ...at, problem: null, status: null });
  try {
    const facts = await service.check(await openChannel(deps, channel.id));
    await saveChannelHealth(pool, { ...at, problem: null, status: 'active', facts });
    await ringWaiting(deps, at);
    await refreshTemplates(deps, channel);
  } catch (error) {
    const known = asHoldfastError(error, 'upstream.unreachable');
    await saveChannelHealth(pool, { ...at, problem: { ...toProblem(known) }, status: known.code === 'channel.token' ? 'broken' : null });
  }
}

export async function openChannel(deps: ServerDeps, id: string) {
  const sealed = await loadChannelForHook(deps.pool, id);
  const account = sealed && openAccount({ openSecret: deps.secrets.open, log: deps.logger }, sealed);
  if (!account?.secret)
    throw new HoldfastError('channel.token', { detail: say`"${sealed?.name ?? id}" has no token.`, hint: 'Give it one.' });
  return account;
}

function serviceOf(channels: ServerDeps['channels'], kind: string): ChannelService {
  const service = channels.find(kind);
  if (service) return service;
  throw new HoldfastError('request.invalid', { detail: 'The simulator has no settings of this kind.', path: 'settings' });
}
