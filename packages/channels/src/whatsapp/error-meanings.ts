import type { ErrorCode } from '@holdfast/errors';

export interface ErrorMeaning {
  error: ErrorCode;
  hint?: string;
  /** How long to wait where Meta doesn't say. */
  waitMs?: number;
  /** Whom an `upstream.limited` slows down: everybody on this number, or the one recipient. */
  scope?: 'account' | 'recipient';
  /** What a refused template is from now on, in Meta's words. */
  templateIs?: 'paused' | 'disabled' | 'deleted';
}

const stopped = (hint: string): ErrorMeaning => ({ error: 'channel.token', hint });
const account = (waitMs: number): ErrorMeaning => ({ error: 'upstream.limited', waitMs, scope: 'account' });
const transient: ErrorMeaning = { error: 'upstream.broken' };
const template = (hint: string, templateIs?: ErrorMeaning['templateIs']): ErrorMeaning => ({
  error: 'send.template',
  hint,
  ...(templateIs ? { templateIs } : {}),
});
const content = (hint: string): ErrorMeaning => ({ error: 'channel.content', hint });

const newToken = 'Make a new permanent token for the system user and enter it under Channels.';
const permission = 'Give the system user full control of the WhatsApp account, then make a new token with both whatsapp permissions.';
const atMeta = 'Open the WhatsApp Manager at business.facebook.com: it says what is wrong with this account, and how to appeal.';

/** Meta's codes (its error page of May 2026): stop the channel, wait, use a template, opt out, or tell a person. */
const meanings: Readonly<Record<number, ErrorMeaning>> = {
  0: stopped(newToken),
  190: stopped(newToken),
  3: stopped(permission),
  10: stopped(permission),
  133010: stopped('Register the phone number in the WhatsApp Manager, then press Check.'),
  133016: stopped('The number was registered too often. Wait 72 hours, register it once, then press Check.'),
  130497: { error: 'channel.refused', hint: atMeta },
  131031: stopped(atMeta),
  368: stopped(atMeta),
  1: transient,
  2: transient,
  131000: transient,
  131016: transient,
  4: account(60_000),
  80007: account(60_000),
  130429: account(1_000),
  131057: account(60_000),
  // Meta's formula: 4^X s, X counting from 0; delivery counts it.
  131056: { error: 'upstream.limited', waitMs: 1_000, scope: 'recipient' },
  131048: { error: 'send.quality', hint: 'Too many people blocked or reported this number. Send only what people asked for, and wait.' },
  131049: { error: 'channel.capped', hint: 'This person got many marketing messages lately. Try again after a day, or leave it.' },
  130472: { error: 'channel.capped', hint: 'Meta holds marketing back from this person. Reach them another way.' },
  131050: { error: 'send.opted-out', hint: 'They may still get what they asked for: orders, deliveries, answers.' },
  131047: { error: 'send.window', hint: 'Choose an approved template in the step, for when more than 24 hours have passed.' },
  131026: { error: 'channel.unreachable', hint: 'Reach this person by another channel.' },
  131051: content('WhatsApp does not carry this kind of message.'),
  131052: content('The file could not be fetched. Ask the customer to send it again.'),
  131053: content('WhatsApp did not take the file: check its type and size in the step.'),
  131008: content('Something that WhatsApp needs is missing in the message.'),
  131009: content('Something in the message does not fit what WhatsApp takes.'),
  100: content('Something in the message does not fit what WhatsApp takes.'),
  132000: template('The template wants another number of values. Open the step and fill in each one.'),
  132001: template('There is no approved template of this name and language. Refresh the templates and choose one.', 'deleted'),
  132005: template('With its values filled in the text is too long. Shorten a value.'),
  132007: template('The template breaks one of WhatsApp’s rules. Change it in the WhatsApp Manager.'),
  132012: template('A value has another form than the template wants. Open the step and look at each one.'),
  132015: template('The template is paused because of its quality. Choose another one until it is released.', 'paused'),
  132016: template('The template was paused too often and is disabled. Choose another one.', 'disabled'),
};

export function meaningOf(code: number, subcode?: number): ErrorMeaning {
  // 100/33: an id that doesn't exist or that this token may not see.
  if (code === 100 && subcode === 33) return { error: 'channel.content', hint: 'The number or file is not known to WhatsApp.' };
  if (code >= 200 && code <= 299) return stopped(permission);
  return meanings[code] ?? { error: 'channel.content', hint: 'Look the code up in Meta’s list of WhatsApp errors.' };
}

/** Every code the table knows, for the test that looks at each. */
export const knownCodes: readonly number[] = Object.keys(meanings).map(Number);
