import type { ReadMail } from './read-mail.ts';

/** Why nobody should be answered: the words go into the conversation, for staff. */
export type Automatic =
  | 'own'
  | 'auto-submitted'
  | 'suppressed'
  | 'list'
  | 'bulk'
  | 'null-sender'
  | 'robot-address'
  | 'auto-header'
  | 'vacation';

const robots = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?|abuse|root|listserv|majordomo)(?:[+@]|$)/i;
const vacation =
  /^\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|out of (?:the )?office|respuesta automática|fuera de la oficina|resposta automática|fora do escritório|réponse automatique|absence du bureau|automatische antwort|abwesenheits|risposta automatica|fuori sede)/iu;

/**
 * RFC 3834 and what a hundred thousand real mails do beyond it. A mail that any of these says was not written by a person to us, or
 * does not want an answer. `own` are our addresses, in small letters.
 */
export function automaticMail(mail: ReadMail, own: ReadonlySet<string>): Automatic | null {
  const header = (name: string): string => (mail.headers.get(name) ?? '').trim().toLowerCase();
  if (own.has(mail.from.address)) return 'own';
  const submitted = header('auto-submitted').split(';')[0]?.trim() ?? '';
  if (submitted !== '' && submitted !== 'no') return 'auto-submitted';
  if (mail.returnPath === '') return 'null-sender';
  if (robots.test(mail.from.address)) return 'robot-address';
  // Outlook's word for "don't answer me automatically": people's mails from Exchange carry OOF alone.
  if (/\b(?:dr|autoreply|all)\b/.test(header('x-auto-response-suppress'))) return 'suppressed';
  if (header('list-id') !== '' || header('list-unsubscribe') !== '' || header('feedback-id') !== '') return 'list';
  if (/^(?:bulk|list|junk|auto_reply)$/.test(header('precedence'))) return 'bulk';
  if (['x-autoreply', 'x-autorespond', 'x-loop', 'x-autoresponder'].some((name) => header(name) !== '' && header(name) !== 'no'))
    return 'auto-header';
  return vacation.test(mail.subject) ? 'vacation' : null;
}
