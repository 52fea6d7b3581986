import { randomUUID } from 'node:crypto';
import type { Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { PieceSend, ProviderResult } from '../channel-adapter.ts';
import { makeMailId, readConversationAddress } from './mail-ids.ts';
import { mailboxOf, type Mailbox } from './mailbox-account.ts';
import { openSmtp } from './smtp-session.ts';
import { replySubject, readThread, threadAfterSend, bareSubject, type ThreadFacts } from './thread-facts.ts';

export interface SentMail extends ProviderResult {
  source: Buffer;
}

/** One attempt at one mail, with everything of the message in it. */
export async function sendMail(egress: Egress, send: PieceSend): Promise<SentMail> {
  const mailbox = mailboxOf(send.account);
  const { person, thread } = readConversationAddress(send.address);
  const facts = readThread(send.thread);
  const mailId = makeMailId(send.key ?? randomUUID(), thread, mailbox.domain);
  const subject = subjectOf(send, facts, mailbox);
  const source = await compose(send, { mailbox, person, mailId, subject, ancestors: isSameThread(send, facts) ? facts.ids : [] });
  const session = await openSmtp(egress, mailbox);
  try {
    const renamed = await session.send({ from: mailbox.config.address, to: person, source });
    const known = renamed ?? mailId;
    const before = isSameThread(send, facts) ? facts : { subject: '', ids: [] };
    return { providerMessageId: known, thread: { ...threadAfterSend(before, subject, known) }, source };
  } finally {
    session.close();
  }
}

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
  mailId: string;
  subject: string;
  ancestors: readonly string[];
}

async function compose(send: PieceSend, { mailbox, person, mailId, subject, ancestors }: Letter): Promise<Buffer> {
  const { piece } = send;
  const { config } = mailbox;
  const composer = new MailComposer({
    from: { name: config.fromName, address: config.address },
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
          detail: `The file ${name ?? fileId ?? ''} is no longer stored.`,
          hint: 'Choose the file again in the step.',
        });
      return { filename: name ?? file.name, contentType: file.mimeType, content: file.content };
    }),
  );
}
