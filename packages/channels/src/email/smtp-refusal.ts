import { HoldfastError, say } from '@holdfast/errors';
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
      detail: say`The connection to ${facts.server.host} was lost after the whole mail had been sent and before the server answered.`,
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
  if (code < 500) return comeAgain({ quoted, said, status, code, command }, error);
  if (code === 530 || code === 534 || code === 535) return explainMailError(error, { server, use: 'smtp' });
  if (code === 552 || status === '5.3.4' || status === '5.2.3') return tooLarge(server.host, said, error);
  if (
    command === 'MAIL FROM' ||
    status === '5.1.8' ||
    /sender (?:address )?(?:rejected|not (?:allowed|permitted|owned))|not allowed to send as|SendAsDenied/i.test(said)
  )
    return new HoldfastError('channel.incomplete', {
      detail: say`${server.user} may not send as ${from}. ${quoted}`,
      hint: 'Use the mailbox’s own address, or allow this one with the mail provider.',
      cause: error,
    });
  if (
    isDeadAddress(status) ||
    (status === '' && code === 550 && command === 'RCPT TO') ||
    /user unknown|no such user|unknown (?:user|recipient)|does not exist/i.test(said)
  )
    return new HoldfastError('send.suppressed', { detail: say`Nobody receives mail at ${to}. ${quoted}`, cause: error });
  if (isAboutRecipient(status, said))
    return new HoldfastError('channel.content', {
      detail: say`${to} takes no mail from us. ${quoted}`,
      hint: 'They take mail from some senders only: ask them to let you in.',
      cause: error,
    });
  return new HoldfastError('send.blocked', { detail: say`The mail was blocked. ${quoted}`, cause: error });
}

interface Said {
  quoted: string;
  said: string;
  status: string;
  code: number;
  command: string;
}

/** A group that takes mail of its members only, a person who lets in whom they know (RFC 3463, Microsoft’s 5.7.12x and 5.7.13x): nobody else’s relay helps. */
const isAboutRecipient = (status: string, said: string): boolean =>
  /^5\.7\.(?:2|12[0-9]|13[3-7])$/.test(status) ||
  /not authorized to send to (?:this|the) recipient|only accepts? (?:mail|messages) from/i.test(said);

const accountWide = /\brate\b|too many (?:messages|mails|emails|recipients)|quota exceeded|limit (?:exceeded|reached)|throttl/i;
const greylist = /gr[ae]y-?\s?list|postgrey|come back later|try again (?:in|later)|retry (?:in|after)|temporarily (?:rejected|deferred)/i;

/** Nothing was taken, and the same mail later may be. What the account sends too fast waits with all others of it; what one receiver puts off is its own matter. */
function comeAgain({ quoted, said, status, code, command }: Said, cause: unknown): HoldfastError {
  if (code === 421 || accountWide.test(said))
    return new HoldfastError('upstream.limited', { detail: quoted, retryAfterMs: 60_000, extra: { scope: 'account' }, cause });
  const isGreylist = greylist.test(said) || (command === 'RCPT TO' && (code === 450 || status.startsWith('4.7')));
  const askedMs = askedWait(said);
  return new HoldfastError('send.deferred', {
    detail: say`The mail was not taken yet. ${quoted}`,
    extra: { patience: isGreylist ? 'greylist' : 'busy' },
    ...(askedMs === null ? {} : { retryAfterMs: askedMs }),
    cause,
  });
}

/** "Greylisted, try again in 300 seconds", "retry after 00:05:00": at least half a minute, at most an hour. */
function askedWait(said: string): number | null {
  const clock = /\b(\d{1,2}):(\d\d):(\d\d)\b/.exec(said);
  const [, count, unit = ''] = /\b(\d{1,4})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b/i.exec(said) ?? [];
  const of = { s: 1_000, m: 60_000, h: 3_600_000 };
  const asked = clock
    ? (Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3])) * 1_000
    : count === undefined
      ? 0
      : Number(count) * (of[unit.slice(0, 1).toLowerCase() as keyof typeof of] ?? 0); // as: the pattern knows these three
  return asked === 0 ? null : Math.min(3_600_000, Math.max(30_000, asked));
}

const tooLarge = (host: string, said: string, cause: unknown): HoldfastError =>
  new HoldfastError('channel.content', {
    detail: say`The mail is larger than ${host} takes${said === '' ? '.' : say`. It said: "${said}"`}`,
    hint: 'Send a link in place of the file.',
    cause,
  });
