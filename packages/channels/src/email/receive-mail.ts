import { countMailsFrom, findMailThread, knownEvents, type Pool, type PoolClient } from '@holdfast/db';
import type { ChannelAccount, InboundAttachment, InboundEvent } from '../channel-adapter.ts';
import { storeFile } from '../store-file.ts';
import type { Log, ReceivingChannel } from '../receive-deps.ts';
import { mailEvent } from './mail-event.ts';
import { readConversationAddress } from './mail-ids.ts';
import type { Mailbox } from './mailbox-account.ts';
import type { MailFile, ReadMail } from './read-mail.ts';

export interface ReceiveMailDeps {
  pool: Pool;
  /** Takes the events in and commits, with `alongside` in the same transaction; throws when it can't. */
  onEvents: (
    channel: ReceivingChannel,
    events: InboundEvent[],
    options: { alongside: (client: PoolClient) => Promise<void> },
  ) => Promise<unknown>;
  log: Log;
}

/** Mails of one person within an hour that are answered; what comes beyond it is kept, and a person may look. */
export const maxMailsPerHour = 20;

/** One mail taken in, or known already; `alongside` moves the folder's cursor in the same transaction. */
export async function receiveMail(
  deps: ReceiveMailDeps,
  account: ChannelAccount,
  mail: { read: ReadMail; mailbox: Mailbox; alongside: (client: PoolClient) => Promise<void> },
): Promise<void> {
  const { mailbox } = mail;
  const event = await settleThread(
    deps,
    account,
    mailEvent(mail.read, mailbox.own, { hasSecondRelay: mailbox.config.relay !== null }),
    mail.read,
  );
  const known = await knownEvents(deps.pool, { channelId: account.id, eventIds: [event.eventId] });
  if (event.kind === 'message' && known.length === 0) {
    event.attachments = await keepFiles(deps.pool, account, mail.read.files);
    await stopLoop(deps, account, event);
  }
  const { secret: _secret, ...channel } = account;
  await deps.onEvents(channel, [event], { alongside: mail.alongside });
}

/** Our own ids name the thread; what they can't say, the store knows. */
async function settleThread(
  { pool }: ReceiveMailDeps,
  account: ChannelAccount,
  event: InboundEvent,
  read: ReadMail,
): Promise<InboundEvent> {
  const ancestors = [...read.inReplyTo, ...read.references];
  if (event.kind !== 'message' || ancestors.length === 0) return event;
  const { person } = readConversationAddress(event.address);
  const found = await findMailThread(pool, { channelId: account.id, person, mailIds: ancestors });
  return found === null ? event : { ...event, address: found };
}

/** Two machines that don't say so could write to each other for ever. */
async function stopLoop({ pool, log }: ReceiveMailDeps, account: ChannelAccount, event: InboundEvent): Promise<void> {
  if (event.automatic !== undefined) return;
  const count = await countMailsFrom(pool, { channelId: account.id, person: event.contact.address, sinceMinutes: 60 });
  if (count < maxMailsPerHour) return;
  event.automatic = 'too-many';
  log.warn({ channel: account.id, count }, 'Somebody sends more mails an hour than are answered; they are kept without an answer.');
}

/** A picture that small is part of a signature. */
const smallestPicture = 6_000;

function keepFiles(pool: Pool, { workspaceId }: ChannelAccount, files: readonly MailFile[]): Promise<InboundAttachment[]> {
  const worth = files.filter((file) => !file.isInline || !file.mimeType.startsWith('image/') || file.content.length >= smallestPicture);
  return Promise.all(
    worth.map(async (file) => ({ kind: kindOf(file.mimeType), mimeType: file.mimeType, ...(await storeFile(pool, workspaceId, file)) })),
  );
}

const kindOf = (mimeType: string): InboundAttachment['kind'] =>
  mimeType.startsWith('image/') ? 'image' : mimeType.startsWith('audio/') ? 'audio' : mimeType.startsWith('video/') ? 'video' : 'document';
