import type { Attachment as MailPart } from 'mailparser';
import { bareAddress, readMailIds } from './mail-ids.ts';

/** RFC 3464: what became of a mail, told by a server on its way. */
export interface DeliveryReport {
  /** `delayed` needs nothing: the server goes on trying. */
  action: 'failed' | 'delayed' | 'delivered';
  /** The address that did not take it, in small letters. */
  recipient: string;
  /** RFC 3463, such as 5.1.1; '' when none was given. */
  status: string;
  diagnostic: string;
  /** Of the mail that it is about, when the report brought its headers. */
  mailId: string | null;
}

/** Null for a mail that is no report. Reads the first recipient: we write to one at a time. */
export function readReport(parts: readonly MailPart[], headers: ReadonlyMap<string, string>): DeliveryReport | null {
  const told = parts.find(({ contentType }) => /^message\/(?:global-)?delivery-status$/i.test(contentType));
  const about = parts.find(({ contentType }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/i.test(contentType),
  );
  const isReport = /report-type\s*=\s*"?(?:global-)?delivery-status/i.test(headers.get('content-type') ?? '');
  if (!told || (!isReport && !about)) return null;
  const fields = fieldsOf(told.content.toString('utf8'));
  const action = fields.get('action')?.toLowerCase();
  const mailId = readMailIds(about ? fieldsOf(about.content.subarray(0, 64_000).toString('utf8')).get('message-id') : undefined)[0] ?? null;
  return {
    action: action === 'failed' || action === 'delayed' ? action : 'delivered',
    recipient: addressOf(fields.get('original-recipient')) || addressOf(fields.get('final-recipient')),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? '',
    diagnostic: (fields.get('diagnostic-code') ?? '').replace(/^\s*(?:smtp|x-[\w-]+)\s*;\s*/i, '').slice(0, 500),
    mailId,
  };
}

/** Header-like fields of all blocks, unfolded; the first of each name. */
function fieldsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text
    .replaceAll(/\r?\n[\t ]+/g, ' ')
    .split(/\r?\n/)
    .slice(0, 500)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !found.has(name)) found.set(name, line.slice(colon + 1).trim());
  }
  return found;
}

/** `rfc822; ana@example.com` */
const addressOf = (field: string | undefined): string => bareAddress((field ?? '').replace(/^[^;]*;/, '').replaceAll(/[<>"]/g, ''));

/** Addresses that nobody will ever read at: unknown user, unknown domain, disabled. A full mailbox or a policy may change. */
export const isDeadAddress = (status: string): boolean => /^5\.1\.(?:1|2|3|6|10)$/.test(status) || status === '5.2.1';

const blockedWords =
  /spam|black-?list|block-?list|reputation|\bRBL\b|DNSBL|spamhaus|barracuda|blocked|policy|DMARC|SPF|DKIM|unauthenticated/i;

/** The mail was not let in for who sent it or what it looked like; another server that sends it may be believed. */
export const isBlocked = ({ status, diagnostic }: Pick<DeliveryReport, 'status' | 'diagnostic'>): boolean =>
  !/^5\.7\.(?:2|12[0-9]|13[3-7])$/.test(status) &&
  (status.startsWith('5.7.') || (/^5\.(?:0|1|3|5)\.\d+$|^$/.test(status) && blockedWords.test(diagnostic)));
