import { randomUUID } from 'node:crypto';
import type { Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { PieceSend, ProviderResult } from '../channel-adapter.ts';
import { makeMailId, readConversationAddress } from './mail-ids.ts';
import { mailboxOf, type Mailbox, type MailServer } from './mailbox-account.ts';
import { openSmtp, serverOf, type Relay } from './smtp-session.ts';
import { replySubject, readThread, threadAfterSend, bareSubject, type ThreadFacts } from './thread-facts.ts';

export interface SentMail extends ProviderResult {
  source: Buffer;
}

/** Around each relay: its limits, pauses and health are its own. */
export type RelayGuard = <T>(call: { workspaceId: string; key: string; timeoutMs: number }, perform: () => Promise<T>) => Promise<T>;

interface Way {
  egress: Egress;
  guard: RelayGuard;
}

/** Servers scan a large mail before they answer. */
const mailMs = 90_000;

/**
 * One attempt at one mail, with everything of the message in it. What the first relay blocks, certainly and for its own reasons or the receiver’s, is given to
 * the second one with the same Message-ID; and so is what came back blocked. Never what may have been taken.
 */
export async function sendMail(way: Way, send: PieceSend): Promise<SentMail> {
  const mailbox = mailboxOf(send.account);
  if (mailbox.config.relay === null) return sendThrough(way, send, { mailbox, relay: 'first' });
  if (isAgain(send)) return sendSecond(way, send, mailbox, null);
  try {
    return await sendThrough(way, send, { mailbox, relay: 'first' });
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'send.blocked') throw error;
    return await sendSecond(way, send, mailbox, error);
  }
}

/** A second relay that is not set up well must not stop the channel: mails that the first one takes go out as before. */
async function sendSecond(way: Way, send: PieceSend, mailbox: Mailbox, before: HoldfastError | null): Promise<SentMail> {
  try {
    return await sendThrough(way, send, { mailbox, relay: 'second' });
  } catch (error) {
    if (!(error instanceof HoldfastError) || !/^(?:channel\.(?:token|incomplete)|send\.blocked)$/.test(error.code)) throw error;
    const second = say`The second relay: ${error.words.detail}`;
    throw new HoldfastError('send.blocked', {
      detail: before ? say`${before.words.detail} ${second}` : second,
      ...(error.words.hint === undefined ? {} : { hint: error.words.hint }),
      cause: error,
    });
  }
}

/** The ledger’s key of a piece that is sent once more ends so. */
const isAgain = ({ key = '' }: PieceSend): boolean => key.includes('~');

async function sendThrough(
  { egress, guard }: Way,
  send: PieceSend,
  { mailbox, relay }: { mailbox: Mailbox; relay: Relay },
): Promise<SentMail> {
  const { person, thread } = readConversationAddress(send.address);
  const facts = readThread(send.thread);
  // The same for every try, by whatever relay, so that a second copy is recognised as one.
  const mailId = makeMailId((send.key ?? randomUUID()).replace(/~\d+(?=#|$)/, ''), thread, mailbox.domain);
  const subject = subjectOf(send, facts, mailbox);
  const from = (relay === 'second' && mailbox.config.relay?.from) || mailbox.config.address;
  const source = await compose(send, { mailbox, person, from, mailId, subject, ancestors: isSameThread(send, facts) ? facts.ids : [] });
  const key = relayKey(serverOf(mailbox, relay));
  return guard({ workspaceId: send.account.workspaceId, key, timeoutMs: mailMs }, async () => {
    const session = await openSmtp(egress, mailbox, relay);
    try {
      const renamed = await session.send({ from, to: person, source });
      const known = renamed ?? mailId;
      const before = isSameThread(send, facts) ? facts : { subject: '', ids: [] };
      return { providerMessageId: known, thread: { ...threadAfterSend(before, subject, known) }, source };
    } finally {
      session.close();
    }
  });
}

/** An account on a mail server, as the providers’ page names it. */
export const relayKey = ({ host, user }: Pick<MailServer, 'host' | 'user'>): string =>
  `smtp:${user.includes('@') ? user : `${user}@${host}`} (${host})`;

/** A step that names another subject begins a thread of its own in the customer's mailbox. */
const isSameThread = ({ piece }: PieceSend, { subject }: ThreadFacts): boolean =>
  piece.subject === undefined || bareSubject(piece.subject) === subject;

function subjectOf(send: PieceSend, facts: ThreadFacts, { config }: Mailbox): string {
  const { subject } = send.piece;
  if (isSameThread(send, facts) && facts.ids.length > 0) return replySubject(facts.subject) || subject || config.fromName || config.address;
  return subject ?? (config.fromName || config.address);
}

interface Letter {
  mailbox: Mailbox;
  person: string;
  /** The mailbox’s own address, or what the second relay lets us be. */
  from: string;
  mailId: string;
  subject: string;
  ancestors: readonly string[];
}

async function compose(send: PieceSend, { mailbox, person, from, mailId, subject, ancestors }: Letter): Promise<Buffer> {
  const { piece } = send;
  const { config } = mailbox;
  const composer = new MailComposer({
    from: { name: config.fromName, address: from },
    ...(from === config.address ? {} : { replyTo: { name: config.fromName, address: config.address } }),
    to: person,
    subject: subject.replaceAll(/[\r\n]+/g, ' '),
    text: piece.text,
    ...(piece.html === undefined ? {} : { html: documentOf(piece.html) }),
    attachments: await attachmentsOf(send),
    messageId: `<${mailId}>`,
    ...(ancestors.length === 0 ? {} : { inReplyTo: `<${ancestors.at(-1)}>`, references: ancestors.map((id) => `<${id}>`) }),
    headers: send.author === 'human' ? {} : automatedHeaders(ancestors.length > 0),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await new Promise((resolve, reject) => {
    composer.compile().build((error, source) => (error ? reject(error) : resolve(source)));
  });
}

/** So that no other machine answers ours (RFC 3834). */
const automatedHeaders = (isReply: boolean): Record<string, string> => ({
  'Auto-Submitted': isReply ? 'auto-replied' : 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
});

const documentOf = (body: string): string =>
  `<!doctype html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body>\n${body}\n</body></html>\n`;

async function attachmentsOf({ piece, loadFile }: PieceSend): Promise<{ filename: string; contentType: string; content: Buffer }[]> {
  const wanted = [...(piece.attachment ? [piece.attachment] : []), ...(piece.attachments ?? [])];
  return Promise.all(
    wanted.map(async ({ fileId, name }) => {
      const file = fileId === undefined ? null : await loadFile(fileId);
      if (!file)
        throw new HoldfastError('channel.content', {
          detail: say`The file ${name ?? fileId ?? ''} is no longer stored.`,
          hint: 'Choose the file again in the step.',
        });
      return { filename: name ?? file.name, contentType: file.mimeType, content: file.content };
    }),
  );
}
