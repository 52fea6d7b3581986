import type { JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import type { ReadMail } from './read-mail.ts';

const maxAncestors = 30;

/** What the next answer in a conversation needs: its subject, and the mails before it, the newest last. */
const threadFacts = z.object({ subject: z.string().default(''), ids: z.array(z.string()).default([]) });
export type ThreadFacts = z.infer<typeof threadFacts>;

export const readThread = (stored: JsonObject | undefined): ThreadFacts => threadFacts.catch({ subject: '', ids: [] }).parse(stored ?? {});

/** The thread as a customer's mail leaves it. Ancestors come from the mail itself: they are what its sender's program will thread by. */
export function threadAfter(mail: ReadMail): ThreadFacts {
  return {
    subject: bareSubject(mail.subject),
    ids: cut([...mail.references, ...mail.inReplyTo, ...(mail.mailId === null ? [] : [mail.mailId])]),
  };
}

export const threadAfterSend = (thread: ThreadFacts, subject: string, mailId: string): ThreadFacts => ({
  subject: bareSubject(subject),
  ids: cut([...thread.ids, mailId]),
});

/** The root and the newest: programs thread by either. */
function cut(ids: readonly string[]): string[] {
  const once = [...new Set(ids.toReversed())].toReversed();
  return once.length <= maxAncestors ? once : [...once.slice(0, 1), ...once.slice(1 - maxAncestors)];
}

const prefixes = /^(?:\s*(?:re|aw|antw?|sv|vs|r|rif|rv|res|ref|fwd?|wg|tr|i|enc|rv)\s*(?:\[\d+\])?\s*[:：]\s*)+/i;
/** Without "Re:" in any language, however often. */
export const bareSubject = (subject: string): string => subject.replace(prefixes, '').trim();
export const replySubject = (subject: string): string => (subject === '' ? '' : `Re: ${subject}`);
