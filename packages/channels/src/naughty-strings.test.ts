import MailComposer from 'nodemailer/lib/mail-composer';
import { createEgress } from '@holdfast/egress';
import { outgoingMessage } from '@holdfast/node-kit';
import { naughtyStrings } from '@holdfast/test-kit/naughty-strings';
import { afterAll, expect, test } from 'vitest';
import { createAdapters } from './create-adapters.ts';
import { readMail } from './email/read-mail.ts';
import { parseTwilioCall } from './sms/parse-call.ts';

// Over the wire as each provider writes it: escaped JSON, a form, a MIME part. NUL and half characters become U+FFFD, all else stays code point by code point.
const kept = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
const odd = ['NUL \0 here', 'half \ud83d and \ude00 alone', ...naughtyStrings];
const escaped = (value: object): string =>
  JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const egress = createEgress();
afterAll(() => egress.close());
const adapters = createAdapters({ egress });
const read = (kind: string, update: object): string | undefined =>
  adapters(kind)?.parseUpdate(JSON.parse(escaped(update)), { config: {} })[0]?.text;

test('a WhatsApp message says what was written, whatever that is', () => {
  for (const body of odd) {
    const message = { from: '254700000001', id: 'wamid.1', timestamp: '1795392000', type: 'text', text: { body } };
    const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: '1' }, messages: [message] };
    expect(read('whatsapp', { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] })).toBe(
      kept(body),
    );
  }
});

test('a Telegram message does', () => {
  for (const text of odd) {
    const from = { id: 5, is_bot: false, first_name: text };
    const message = { message_id: 1, date: 1_790_000_000, text, chat: { id: 5, type: 'private', first_name: text }, from };
    expect(read('telegram', { update_id: 1, message })).toBe(kept(text));
  }
});

test('a text message does', () => {
  for (const text of odd) {
    const form = new URLSearchParams({ MessageSid: 'SM1', From: '+34600111222', To: '+15550001111', NumMedia: '0', Body: text }).toString();
    const [event] = parseTwilioCall(Object.fromEntries(new URLSearchParams(form)), { advancedOptOut: true, reference: null });
    expect(kept(event?.text ?? '')).toBe(kept(text));
  }
});

test('a mail is read, and keeps the words of every line', async () => {
  const words = (text: string): string =>
    kept(text)
      .replaceAll(/[\s\uFFFD\p{Cc}]+/gu, ' ')
      .trim();
  // A mail takes four milliseconds to write and to read: every third of them.
  for (const text of naughtyStrings.filter((_text, nth) => nth % 3 === 0)) {
    const source = await new Promise<Buffer>((resolve, reject) => {
      const composer = new MailComposer({ from: 'ana@example.com', to: 'shop@kelp.test', subject: 'Odd', text });
      composer.compile().build((error, built) => (error ? reject(error) : resolve(built)));
    });
    expect(words((await readMail(source)).whole)).toBe(words(text));
  }
});

test.each(['simulator', 'telegram', 'email', 'whatsapp'])('and what is said on %s keeps its characters too', (kind) => {
  // Cut at the channel's limit, white space at the seams may go; on WhatsApp, signs that would format are kept apart from words by nothing that is seen.
  const bare = (text: string): string => text.replaceAll(/[\s\u200B]+/gu, '');
  for (const text of naughtyStrings) {
    const pieces = adapters(kind)?.render(outgoingMessage.parse({ text })) ?? [];
    expect(bare(pieces.map((piece) => piece.text).join(''))).toBe(bare(text));
  }
});
