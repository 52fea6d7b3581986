import { HoldfastError } from '@holdfast/errors';
import { isDeadAddress } from './delivery-report.ts';
import { explainMailError, fieldOf } from './explain-mail-error.ts';
import type { MailServer } from './mailbox-account.ts';

interface Facts {
  server: MailServer;
  from: string;
  to: string;
  /** The last byte of the mail went out: only the server knows what it did with it. */
  wasComplete: boolean;
}

/** What became of a mail that the server did not answer with "taken". */
export function explainSmtpFailure(error: unknown, facts: Facts): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const code = Number(fieldOf(error, 'responseCode')) || 0;
  if (code >= 400) return explainRefusal(error, { ...facts, code });
  if (facts.wasComplete)
    return new HoldfastError('upstream.ambiguous', {
      detail: `The connection to ${facts.server.host} was lost after the whole mail had been sent and before the server answered.`,
      hint: 'Look in the mailbox’s Sent folder, or ask the customer.',
      cause: error,
    });
  if (/larger than allowed/i.test(error instanceof Error ? error.message : '')) return tooLarge(facts.server.host, '', error);
  return explainMailError(error, { server: facts.server, use: 'smtp' });
}

function explainRefusal(error: unknown, { server, from, to, code }: Facts & { code: number }): HoldfastError {
  const said = fieldOf(error, 'response')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? '';
  const command = fieldOf(error, 'command');
  const quoted = `${server.host} said: "${said}"`;
  // Greylisting, a full queue, a mailbox that is busy: the server asks for the same mail later.
  if (code < 500)
    return new HoldfastError('upstream.limited', {
      detail: quoted,
      retryAfterMs: status.startsWith('4.7') ? 5 * 60_000 : 60_000,
      cause: error,
    });
  if (code === 530 || code === 534 || code === 535) return explainMailError(error, { server, use: 'smtp' });
  if (code === 552 || status === '5.3.4' || status === '5.2.3') return tooLarge(server.host, said, error);
  if (
    command === 'MAIL FROM' ||
    status === '5.1.8' ||
    /sender (?:address )?(?:rejected|not (?:allowed|permitted|owned))|not allowed to send as|SendAsDenied/i.test(said)
  )
    return new HoldfastError('channel.incomplete', {
      detail: `${server.user} may not send as ${from}. ${quoted}`,
      hint: 'Use the mailbox’s own address, or allow this one with the mail provider.',
      cause: error,
    });
  if (
    isDeadAddress(status) ||
    (status === '' && code === 550 && command === 'RCPT TO') ||
    /user unknown|no such user|unknown (?:user|recipient)|does not exist/i.test(said)
  )
    return new HoldfastError('send.suppressed', { detail: `Nobody receives mail at ${to}. ${quoted}`, cause: error });
  return new HoldfastError('channel.content', {
    detail: `The mail was refused. ${quoted}`,
    hint: 'Servers refuse what looks like spam: check the text and its links, and that your domain’s SPF and DKIM are set up.',
    cause: error,
  });
}

const tooLarge = (host: string, said: string, cause: unknown): HoldfastError =>
  new HoldfastError('channel.content', {
    detail: `The mail is larger than ${host} takes${said === '' ? '.' : `. It said: "${said}"`}`,
    hint: 'Send a link in place of the file.',
    cause,
  });
