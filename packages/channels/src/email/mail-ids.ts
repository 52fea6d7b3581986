import { createHash } from 'node:crypto';

/** Message-IDs of a header, in its order, without their angle brackets. */
export function readMailIds(header: string | undefined): string[] {
  const found = (header ?? '').slice(0, 20_000).match(/<[^<>\s]{1,900}>/g) ?? [];
  return [...new Set(found.map((id) => id.slice(1, -1)))];
}

const short = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);
const ours = /^hf\.([0-9a-f]{12}|0)\.([0-9a-f]{32})@([^@\s]+)$/;
const noThread = '0';

/** One mail's own id: the same for the same effect, so that a second copy can be recognised as one, and it names its thread. */
export const makeMailId = (effectKey: string, thread: string | null, domain: string): string =>
  `hf.${thread ?? noThread}.${short(effectKey, 32)}@${domain}`;

/** Null for an id that we did not make. `thread` is null for a conversation that we began. */
export function readOwnMailId(id: string): { thread: string | null; domain: string } | null {
  const [, thread, , domain] = ours.exec(id) ?? [];
  return thread === undefined || domain === undefined ? null : { thread: thread === noThread ? null : thread, domain };
}

export interface ThreadHeaders {
  mailId: string | null;
  inReplyTo: string[];
  references: string[];
}

/**
 * Which of this sender's threads a mail belongs to. Our own id among its ancestors says it; else the oldest ancestor does, or the mail itself
 * begins one. `null` is the conversation that we began.
 */
export function threadOf({ mailId, inReplyTo, references }: ThreadHeaders, fallback: string): string | null {
  for (const id of [...inReplyTo, ...references.toReversed()]) {
    const own = readOwnMailId(id);
    if (own) return own.thread;
  }
  return short(references[0] ?? inReplyTo[0] ?? mailId ?? fallback, 12);
}

/** A conversation is one thread with one person: `ana@example.com#3f2a9c1b7d4e`, or the bare address where we began. */
export const conversationAddress = (person: string, thread: string | null): string => (thread === null ? person : `${person}#${thread}`);

export function readConversationAddress(address: string): { person: string; thread: string | null } {
  const found = /^(.+)#([0-9a-f]{12})$/.exec(address);
  return found?.[1] && found[2] ? { person: found[1], thread: found[2] } : { person: address, thread: null };
}

/** Who reads what is sent to a conversation: for email its address without the thread. */
export const recipientOf = (address: string): string => readConversationAddress(address).person;

/** One person, however the address is written. The part before the @ may differ by case in theory; nobody's mail does. */
export const bareAddress = (address: string): string => address.trim().toLowerCase();

/** The same mail delivered twice, or seen in two folders, has the same key; two mails that share an id by mistake have not. */
export const mailKey = (facts: readonly string[]): string => short(facts.join('\n'), 40);
