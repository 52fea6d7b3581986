import { simpleParser, type Attachment as MailPart, type AddressObject, type ParsedMail } from 'mailparser';
import { readReport, type DeliveryReport } from './delivery-report.ts';
import { bareAddress, readMailIds } from './mail-ids.ts';
import { ownTextOfHtml, textOfHtml } from './mail-text.ts';
import { stripReply } from './strip-reply.ts';

/** Above this a mail is read without its attachments. Providers take 25 to 50 MB. */
export const maxMailBytes = 30 * 1024 * 1024;
const maxParts = 20;
const maxTextLength = 100_000;

export interface MailPerson {
  /** In small letters. */
  address: string;
  name: string;
}

export interface MailFile {
  name: string;
  mimeType: string;
  content: Buffer;
  /** Shown within the text, as pictures of signatures are. */
  isInline: boolean;
}

/** One mail as we need it, whatever its character sets and however its parts are nested. */
export interface ReadMail {
  mailId: string | null;
  inReplyTo: string[];
  references: string[];
  from: MailPerson;
  /** Who wants the answer: Reply-To where it is given. */
  answerTo: MailPerson;
  /** The sender on the envelope; '' is the null sender of bounces, null when the server did not note it. */
  returnPath: string | null;
  subject: string;
  sentAt: Date;
  /** By name in small letters; the first of several. Unfolded, not decoded. */
  headers: ReadonlyMap<string, string>;
  /** What was written now. */
  said: string;
  /** All of it, with what was quoted. */
  whole: string;
  files: MailFile[];
  report: DeliveryReport | null;
}

/** Throws only when the source is no mail at all: a header larger than 1 MB, more than 1,000 parts. */
export async function readMail(source: Buffer): Promise<ReadMail> {
  const parsed = await simpleParser(source, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
    checksumAlgo: false,
  });
  const headers = headersOf(parsed);
  const from = personOf(parsed.from) ?? { address: '', name: '' };
  const report = readReport(parsed.attachments, headers);
  return {
    mailId: readMailIds(parsed.messageId ?? '')[0] ?? null,
    inReplyTo: readMailIds(headers.get('in-reply-to')),
    references: readMailIds(headers.get('references')),
    from,
    answerTo: personOf(parsed.replyTo) ?? from,
    returnPath: returnPathOf(headers),
    subject: (parsed.subject ?? '').slice(0, 500),
    sentAt: dateOf(parsed),
    headers,
    ...textsOf(parsed),
    files: parsed.attachments.filter(isForPeople).slice(0, maxParts).map(fileOf),
    report,
  };
}

function headersOf({ headerLines }: ParsedMail): Map<string, string> {
  const found = new Map<string, string>();
  for (const { key, line } of headerLines) {
    if (found.has(key)) continue;
    found.set(
      key,
      line
        .slice(line.indexOf(':') + 1)
        .replaceAll(/\r?\n[\t ]+/g, ' ')
        .trim(),
    );
  }
  return found;
}

function personOf(given: AddressObject | AddressObject[] | undefined): MailPerson | null {
  const all = (Array.isArray(given) ? given : given ? [given] : []).flatMap(({ value }) => value);
  const first = all.flatMap((one) => one.group ?? [one]).find((one) => /^[^\s@]+@[^\s@]+$/.test(one.address ?? ''));
  return first?.address === undefined ? null : { address: bareAddress(first.address), name: first.name.slice(0, 120) };
}

function returnPathOf(headers: ReadonlyMap<string, string>): string | null {
  const given = headers.get('return-path');
  return given === undefined ? null : bareAddress(given.replaceAll(/[<>]/g, ''));
}

/** A sender's clock may be wrong; a mail from the future would stand above all others for ever. */
function dateOf({ date }: ParsedMail): Date {
  const now = new Date();
  return date !== undefined && Number.isFinite(date.getTime()) && date < now ? date : now;
}

function textsOf({ text, html }: ParsedMail): { said: string; whole: string } {
  const plain = text?.trim() ?? '';
  if (plain !== '' || typeof html !== 'string') return { said: stripReply(plain), whole: plain.slice(0, maxTextLength) };
  return { said: stripReply(ownTextOfHtml(html)), whole: textOfHtml(html).trim().slice(0, maxTextLength) };
}

/** Machines' parts (reports, calendars' copies, signatures) are not shown as files; a forwarded mail is. */
const isForPeople = ({ contentType }: MailPart): boolean =>
  !/^(?:message\/(?:delivery-status|disposition-notification|global-delivery-status)|text\/rfc822-headers|application\/(?:pgp-signature|pkcs7-signature|x-pkcs7-signature))$/i.test(
    contentType,
  );

const extensions: Record<string, string> = {
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
};

function fileOf({ filename, contentType, content, related, contentDisposition }: MailPart, index: number): MailFile {
  const name = filename?.trim() || `file-${index + 1}${extensions[contentType] ?? ''}`;
  return { name, mimeType: contentType, content, isInline: related === true || contentDisposition === 'inline' };
}
