import type { ErrorCode } from '@holdfast/errors';

export interface Meaning {
  code: ErrorCode;
  /** Ours, for people; what Twilio said stands beside it. */
  says: string;
  hint?: string;
  retryAfterMs?: number;
  /** A limit of the whole account or number, not of the one recipient. */
  scope?: 'account' | 'recipient';
}

const badNumber: Meaning = { code: 'send.suppressed', says: 'This number can’t receive text messages.' };
const sender: Meaning = {
  code: 'channel.incomplete',
  says: 'The sending number can’t be used.',
  hint: 'Look at the number in the Twilio console, and choose one that can send text messages.',
};
const text: Meaning = { code: 'channel.content', says: 'Twilio does not take this text.', hint: 'Change the text in the step.' };

/** Twilio's error codes by what we do about them; the same code may come at once or as a later status. Source: twilio.com/docs/api/errors. */
const meanings: Readonly<Record<number, Meaning>> = {
  20003: {
    code: 'channel.token',
    says: 'Twilio does not accept the account SID or the auth token.',
    hint: 'Copy both from the first page of the Twilio console.',
  },
  20005: { code: 'channel.token', says: 'The Twilio account is not active.', hint: 'Look at the account in the Twilio console.' },
  // Never carried out, so it may be tried again.
  20429: { code: 'upstream.limited', says: 'Twilio asks us to slow down.', retryAfterMs: 2_000, scope: 'account' },
  20503: { code: 'upstream.broken', says: 'Twilio is not available for the moment.' },
  21211: badNumber,
  21214: badNumber,
  21217: badNumber,
  21614: badNumber,
  21408: {
    code: 'channel.incomplete',
    says: 'The Twilio account may not send to this country.',
    hint: 'Allow it in the Twilio console: Messaging, Settings, Geo permissions.',
  },
  21602: text,
  21605: text,
  21617: text,
  21619: text,
  21620: { code: 'channel.content', says: 'Twilio could not fetch the file.', hint: 'Holdfast must be reachable at its public address.' },
  21623: { code: 'channel.content', says: 'Twilio does not take this kind of file.', hint: 'Choose a picture in the step.' },
  21606: sender,
  21603: sender,
  21659: sender,
  21660: sender,
  21661: sender,
  21608: {
    code: 'channel.incomplete',
    says: 'A trial account sends to verified numbers only.',
    hint: 'Verify the number in the Twilio console, or upgrade the account.',
  },
  21610: { code: 'send.opted-out', says: 'This person wrote STOP to the number.' },
  21611: { code: 'upstream.limited', says: 'The number’s queue at Twilio is full.', retryAfterMs: 60_000, scope: 'account' },
  21703: {
    code: 'channel.incomplete',
    says: 'The messaging service has no number.',
    hint: 'Add one to its sender pool in the Twilio console.',
  },
  21704: {
    code: 'channel.incomplete',
    says: 'The messaging service has no number.',
    hint: 'Add one to its sender pool in the Twilio console.',
  },
  30001: { code: 'upstream.limited', says: 'The queue at Twilio is full.', retryAfterMs: 60_000, scope: 'account' },
  30002: { code: 'channel.token', says: 'The Twilio account is suspended.', hint: 'Look at the account in the Twilio console.' },
  30003: { code: 'upstream.broken', says: 'The phone is switched off or out of reach.' },
  30004: { code: 'channel.blocked', says: 'The phone or its network blocks messages from this number.' },
  30005: { code: 'send.suppressed', says: 'The number is not in use.' },
  30006: { code: 'send.suppressed', says: 'The number is a landline, or its network can’t be reached.' },
  30007: {
    code: 'channel.content',
    says: 'The network took the message for spam.',
    hint: 'Avoid shortened links and capitals, and register the sender (A2P) with Twilio.',
  },
  30008: { code: 'upstream.broken', says: 'The network did not deliver the message and gave no reason.' },
  30034: {
    code: 'channel.incomplete',
    says: 'US networks refuse numbers that are not registered for business messages (A2P 10DLC).',
    hint: 'Register the brand and campaign in the Twilio console.',
  },
  30036: { code: 'upstream.broken', says: 'The message waited at Twilio until it was too old.' },
};

/** Null for a code that is in no table: then the HTTP status decides. */
export const meaningOf = (code: number): Meaning | null => meanings[code] ?? null;
