import {
  changeMessageTemplate,
  insertAlertOnce,
  newId,
  noteChannelFacts,
  noteQuality,
  notifyLive,
  setMessagingLimit,
  stopChannel,
} from '@holdfast/db';
import { HoldfastError, toProblem } from '@holdfast/errors';
import type { ReceiveDeps, ReceivingChannel } from '../receive-deps.ts';
import type { Notice } from './parse-notice.ts';

/** Keeps what Meta said of the account, and tells people where they must act. Saying it again changes nothing. */
export async function applyNotice(deps: ReceiveDeps, channel: ReceivingChannel, notice: Notice): Promise<void> {
  const { pool } = deps;
  const at = { workspaceId: channel.workspaceId, channelId: channel.id };
  switch (notice.kind) {
    case 'template':
      return applyTemplate(deps, channel, notice);
    case 'quality':
      await noteQuality(pool, { ...at, quality: notice.quality, reason: notice.said });
      return await noteFacts(deps, channel, { quality: notice.quality });
    case 'limit':
      await setMessagingLimit(pool, { ...at, people: notice.people });
      return await noteFacts(deps, channel, { limit: notice.people });
    case 'throughput':
      return await noteFacts(deps, channel, { throughput: notice.said });
    case 'account':
      return await applyAccount(deps, channel, notice);
  }
}

async function noteFacts({ pool }: ReceiveDeps, channel: ReceivingChannel, facts: Parameters<typeof noteChannelFacts>[1]['facts']) {
  await noteChannelFacts(pool, { workspaceId: channel.workspaceId, id: channel.id, facts });
  notifyLive(pool, channel.workspaceId, { kind: 'channel', channel: channel.id });
}

const unusable = ['paused', 'disabled', 'rejected', 'deleted'];

async function applyTemplate(
  { pool }: ReceiveDeps,
  channel: ReceivingChannel,
  notice: Extract<Notice, { kind: 'template' }>,
): Promise<void> {
  const { kind: _kind, ...change } = notice;
  const isKnown = await changeMessageTemplate(pool, { workspaceId: channel.workspaceId, channelId: channel.id, ...change });
  if (isKnown && notice.status !== null && unusable.includes(notice.status))
    await insertAlertOnce(pool, {
      id: newId('alert'),
      workspaceId: channel.workspaceId,
      event: 'channel.warning',
      subject: channel.id,
      title: `WhatsApp no longer takes the template "${notice.name}"`,
      detail: `It is ${notice.status}${notice.reason === null ? '' : ` (${notice.reason})`}. Steps that send it leave by their refusal until you choose another one.`,
      link: `/channels/${channel.id}`,
    });
  notifyLive(pool, channel.workspaceId, { kind: 'channel', channel: channel.id });
}

async function applyAccount({ pool }: ReceiveDeps, channel: ReceivingChannel, notice: Extract<Notice, { kind: 'account' }>): Promise<void> {
  const { workspaceId, id, name } = channel;
  const detail = `WhatsApp said of the business account: ${notice.said}.`;
  const hint = 'Open the WhatsApp Manager at business.facebook.com: it says what is wrong, and how to appeal.';
  if (notice.isStopped)
    return stopChannel(pool, { workspaceId, id, problem: { ...toProblem(new HoldfastError('channel.token', { detail, hint })) }, hint });
  await insertAlertOnce(pool, {
    id: newId('alert'),
    workspaceId,
    event: 'channel.warning',
    subject: id,
    title: `WhatsApp has something to say about "${name}"`,
    detail: `${detail} ${hint}`,
    link: `/channels/${id}`,
  });
  notifyLive(pool, workspaceId, { kind: 'channel', channel: id });
}
