import type { InboundEvent } from '../channel-adapter.ts';
import { automaticMail } from './automatic-mail.ts';
import { isBlocked, isDeadAddress, type DeliveryReport } from './delivery-report.ts';
import { conversationAddress, mailKey, readOwnMailId, threadOf } from './mail-ids.ts';
import type { ReadMail } from './read-mail.ts';
import { threadAfter } from './thread-facts.ts';

const maxWholeLength = 20_000;

/** What a mail means for us. Its files are not in it yet. `own` are the mailbox's addresses. */
export function mailEvent(mail: ReadMail, own: ReadonlySet<string>, { hasSecondRelay = false } = {}): InboundEvent {
  const eventId = eventIdOf(mail);
  const thread = threadOf(mail, eventId);
  const base: Omit<InboundEvent, 'kind'> = {
    eventId,
    address: conversationAddress(mail.answerTo.address, thread),
    isGroup: false,
    contact: { address: mail.answerTo.address, name: mail.answerTo.name, language: '' },
    text: '',
    attachments: [],
    sentAt: mail.sentAt.toISOString(),
    raw: { from: mail.from.address, subject: mail.subject, mailId: mail.mailId },
  };
  if (mail.report) return reportEvent(mail, base, hasSecondRelay);
  const automatic = automaticMail(mail, own);
  if (automatic === 'own' || mail.answerTo.address === '' || own.has(mail.answerTo.address)) return { ...base, kind: 'other' };
  return {
    ...base,
    kind: 'message',
    text: textOf(mail),
    metadata: { subject: mail.subject, mailId: mail.mailId },
    providerMessageId: mail.mailId ?? eventId,
    ...(automatic === null ? { thread: { ...threadAfter(mail) } } : { automatic }),
    raw: {
      from: mail.from.address,
      subject: mail.subject,
      mailId: mail.mailId,
      ...(mail.whole === mail.said ? {} : { whole: mail.whole.slice(0, maxWholeLength) }),
    },
  };
}

/** Also of the text: some programs give every mail the same id. Nothing that a server on the way may change is in it. */
const eventIdOf = (mail: ReadMail): string =>
  `mail:${mailKey([mail.mailId ?? '', mail.from.address, mail.headers.get('date') ?? '', mail.subject, mail.whole])}`;

/** The first mail of a thread says half of it in its subject; later ones repeat it. */
function textOf(mail: ReadMail): string {
  const isFirst = mail.inReplyTo.length === 0 && mail.references.length === 0;
  if (!isFirst || mail.subject.trim() === '' || mail.said.startsWith(mail.subject)) return mail.said;
  return `${mail.subject.trim()}\n\n${mail.said}`.trim();
}

function reportEvent(mail: ReadMail, base: Omit<InboundEvent, 'kind'>, hasSecondRelay: boolean): InboundEvent {
  const report = mail.report;
  // A report on a mail that this mailbox sent by hand, or one that only says "still trying".
  if (!report?.mailId || !readOwnMailId(report.mailId) || report.action === 'delayed') return { ...base, kind: 'other' };
  const said = [report.status, report.diagnostic].filter((part) => part !== '').join(' ');
  return {
    ...base,
    kind: 'status',
    address: report.recipient,
    contact: { address: report.recipient, name: '', language: '' },
    providerMessageId: report.mailId,
    status:
      report.action === 'delivered'
        ? { status: 'delivered' }
        : {
            status: 'failed',
            problem: {
              code: codeOf(report),
              detail: `The mail came back from ${report.recipient}: ${said || 'no reason given'}.`,
              // The ledger sends it once more, and the adapter gives that one to the second relay.
              ...(hasSecondRelay ? { hasOtherWay: true } : {}),
            },
          },
  };
}

/** A block is about us, not about the address: it is no strike against it. */
function codeOf(report: DeliveryReport): string {
  if (isDeadAddress(report.status)) return 'send.suppressed';
  return isBlocked(report) ? 'send.blocked' : 'channel.unreachable';
}
