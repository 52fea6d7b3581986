import {
  findNewChannel,
  loadMailCursor,
  newId,
  parkEvent,
  saveMailCursor,
  transaction,
  type MailCursor,
  type PoolClient,
} from '@holdfast/db';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import type { ImapFlow, MailboxObject } from 'imapflow';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { Mailbox } from './mailbox-account.ts';
import { maxMailBytes, readMail, type ReadMail } from './read-mail.ts';
import { receiveMail, type ReceiveMailDeps } from './receive-mail.ts';

/** Of a mail that is too large to be read whole: its headers and its words. */
const firstBytes = 1_000_000;
/** A server's and our clock may differ. */
const clockSlackMs = 3_600_000;

export interface FolderRead {
  deps: ReceiveMailDeps & { process: string };
  account: ChannelAccount;
  mailbox: Mailbox;
  client: ImapFlow;
  signal: AbortSignal;
}

interface Numbered {
  folder: string;
  uidValidity: number;
}

/**
 * Takes in what came since the last look, oldest first, each mail with the cursor in one transaction. A folder that was never read begins
 * now: what lies there was answered by people; of a mailbox that was just connected, with what came since. Answers how many mails there were.
 */
export async function readFolder(read: FolderRead, folder: string): Promise<number> {
  const { client, deps, account, signal } = read;
  const opened = await client.mailboxOpen(folder);
  const numbered = { folder, uidValidity: Number(opened.uidValidity) };
  const cursor = await loadMailCursor(deps.pool, { channelId: account.id, folder });
  const uids = await uidsToRead(read, numbered, cursor);
  if (cursor === null && uids.length === 0) await moveCursor(read, numbered, (await nextUid(client, opened)) - 1)(deps.pool);
  for (const uid of uids) {
    if (signal.aborted) return 0;
    await takeIn(read, numbered, uid);
  }
  return uids.length;
}

async function uidsToRead({ client, deps, account }: FolderRead, numbered: Numbered, cursor: MailCursor | null): Promise<number[]> {
  if (cursor?.uidValidity === numbered.uidValidity) return uidsAfter(client, cursor.lastUid);
  if (cursor) return uidsSince(client, new Date(cursor.updatedAt.getTime() - clockSlackMs));
  const connectedAt = await findNewChannel(deps.pool, account.id);
  return connectedAt ? uidsSince(client, connectedAt) : [];
}

/** A few servers don't tell the next number. */
async function nextUid(client: ImapFlow, opened: MailboxObject): Promise<number> {
  if (opened.uidNext) return opened.uidNext;
  return Math.max(0, ...(await found(client.search({ all: true }, { uid: true })))) + 1;
}

/** `n:*` names the last mail even when its number is lower. */
const uidsAfter = async (client: ImapFlow, last: number): Promise<number[]> =>
  (await found(client.search({ uid: `${last + 1}:*` }, { uid: true }))).filter((uid) => uid > last).toSorted((a, b) => a - b);

/** All numbers are new: what is known already is told apart by its content. */
async function uidsSince(client: ImapFlow, since: Date): Promise<number[]> {
  const ofTheDays = await found(client.search({ since: new Date(since.getTime() - 86_400_000) }, { uid: true }));
  if (ofTheDays.length === 0) return [];
  const dated = await client.fetchAll(ofTheDays.join(','), { uid: true, internalDate: true }, { uid: true });
  // IMAP dates have no fractions of a second: a mail of the same second would look older than it is.
  const second = Math.floor(since.getTime() / 1_000) * 1_000;
  return dated
    .filter(({ internalDate }) => internalDate === undefined || new Date(internalDate).getTime() >= second)
    .map(({ uid }) => uid)
    .toSorted((a, b) => a - b);
}

const found = async (searching: Promise<number[] | false | undefined>): Promise<number[]> => {
  const uids = await searching;
  return Array.isArray(uids) ? uids : [];
};

/** In the transaction of the rows that it brought; throws when another process has the channel, so that those rows are not written either. */
const moveCursor =
  ({ deps, account }: FolderRead, { folder, uidValidity }: Numbered, lastUid: number) =>
  async (db: PoolClient | FolderRead['deps']['pool']): Promise<void> => {
    const cursor = { channelId: account.id, workspaceId: account.workspaceId, folder, process: deps.process, uidValidity, lastUid };
    if (!(await saveMailCursor(db, cursor)))
      throw new HoldfastError('resource.conflict', { detail: 'Another process reads this mailbox now.' });
  };

async function takeIn(read: FolderRead, numbered: Numbered, uid: number): Promise<void> {
  const { deps, account, mailbox } = read;
  const alongside = moveCursor(read, numbered, uid);
  const mail = await fetchMail(read, uid).catch((error: unknown) => {
    if (error instanceof UnreadableMail) return error;
    throw error;
  });
  if (mail === null) return await alongside(deps.pool);
  if (mail instanceof UnreadableMail) return await park(read, { ...numbered, uid }, mail);
  await receiveMail(deps, account, { read: mail, mailbox, alongside });
  await putAway(read, uid);
}

class UnreadableMail extends Error {}

/** Null when it was deleted meanwhile. */
async function fetchMail({ client }: FolderRead, uid: number): Promise<ReadMail | null> {
  const head = await client.fetchOne(String(uid), { uid: true, size: true }, { uid: true });
  if (!head) return null;
  const source = (head.size ?? 0) > maxMailBytes ? { maxLength: firstBytes } : true;
  const whole = await client.fetchOne(String(uid), { uid: true, source }, { uid: true });
  if (!whole || !whole.source) return null;
  const read = await readMail(whole.source).catch((error: unknown) => {
    throw new UnreadableMail(error instanceof Error ? error.message : 'it is no mail', { cause: error });
  });
  return source === true ? read : { ...read, files: [] };
}

/** Neither lost nor in the way of those that follow. */
async function park(read: FolderRead, at: Numbered & { uid: number }, error: UnreadableMail): Promise<void> {
  const { deps, account } = read;
  const problem = asHoldfastError(error, 'upstream.broken');
  await transaction(deps.pool, async (client) => {
    await parkEvent(client, {
      id: newId('inbox'),
      workspaceId: account.workspaceId,
      channelId: account.id,
      eventId: `uid:${at.folder}/${at.uidValidity}/${at.uid}`,
      kind: 'message',
      payload: { folder: at.folder, uid: at.uid },
      problem: { ...toProblem(problem) },
    });
    await moveCursor(read, at, at.uid)(client);
  });
  deps.log.error(
    { channel: account.id, folder: at.folder, uid: at.uid, detail: problem.detail },
    'A mail could not be read; it is parked in the inbox table.',
  );
}

/** For people who look into the same mailbox. The mail is taken in already, so a failure is no reason to stop. */
async function putAway({ client, mailbox, deps, account }: FolderRead, uid: number): Promise<void> {
  const { afterReading, moveTo } = mailbox.config;
  if (afterReading === 'keep') return;
  try {
    await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
    if (afterReading === 'move' && moveTo !== '') await client.messageMove(String(uid), moveTo, { uid: true });
  } catch (error) {
    deps.log.warn({ channel: account.id, uid, err: error }, 'A mail that was taken in could not be marked in the mailbox.');
  }
}
