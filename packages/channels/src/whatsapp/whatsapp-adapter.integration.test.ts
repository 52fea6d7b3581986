import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import type { OutgoingMessage } from '@holdfast/node-kit';
import { startWhatsAppFake, type FakeNumber, type WhatsAppFake, type WhatsAppFault } from '@holdfast/test-kit/fakes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelAccount, PieceSend } from '../channel-adapter.ts';
import { knownCodes } from './error-meanings.ts';
import { createWhatsAppAdapter } from './whatsapp-adapter.ts';

let fake: WhatsAppFake;
let number: FakeNumber;
let egress: Egress;
let account: ChannelAccount;
const amina = '254700000001';

beforeEach(async () => {
  fake = await startWhatsAppFake();
  number = fake.addNumber();
  number.lastInboundAt.set(amina, Date.now());
  number.lastInboundAt.set('KE.84XyZ', Date.now());
  egress = createEgress({ limits: { connectMs: 60_000 } });
  account = {
    id: 'chan_1',
    workspaceId: 'ws_1',
    kind: 'whatsapp',
    name: 'Shop',
    config: { phoneNumberId: number.phoneNumberId, wabaId: number.wabaId, apiUrl: fake.url },
    secret: JSON.stringify({ token: number.token, appSecret: number.appSecret }),
  };
});
afterEach(() => Promise.all([egress.close(), fake.close()]));

const message = (given: Partial<OutgoingMessage>): OutgoingMessage => ({ text: '', buttons: [], attachments: [], ...given });
async function send(given: Partial<OutgoingMessage>, more: Partial<PieceSend> = {}) {
  const adapter = createWhatsAppAdapter({ egress });
  const results = [];
  for (const piece of adapter.render(message(given)))
    results.push(await adapter.send({ account, address: `+${amina}`, piece, loadFile: async () => null, ...more }));
  return results;
}
const failure = async (given: Partial<OutgoingMessage> = { text: 'hello' }, more: Partial<PieceSend> = {}): Promise<HoldfastError> =>
  send(given, more).then(
    () => Promise.reject(new Error('it was sent')),
    (error: HoldfastError) => error,
  );
const sent = () => fake.accepted().map(({ payload }) => payload);

describe('sending', () => {
  test('answers Meta’s id, and gives our key along to find the message by', async () => {
    const [result] = await send({ text: 'hello' }, { key: 'step_1:text' });
    expect(result?.providerMessageId).toBe(fake.accepted()[0]?.id);
    expect(sent()[0]).toMatchObject({
      to: amina,
      recipient_type: 'individual',
      biz_opaque_callback_data: 'step_1:text',
      text: { body: 'hello' },
    });
  });
  test('reaches somebody without a phone by their user id', async () => {
    await send({ text: 'hello' }, { address: 'KE.84XyZ' });
    expect(sent()[0]).toMatchObject({ recipient: 'KE.84XyZ' });
    expect(sent()[0]).not.toHaveProperty('to');
  });
  test('carries choices, places, cards and answers the way WhatsApp wants them', async () => {
    const choices = (count: number) => Array.from({ length: count }, (_, nth) => ({ id: `c${nth}`, label: `Choice ${nth}` }));
    await send({ text: 'Which?', buttons: choices(3) });
    await send({ text: 'Which?', buttons: choices(5), list: { open: 'Show' } });
    await send({ attachments: [{ kind: 'location', latitude: -1.28, longitude: 36.8, name: 'Shop' }] });
    await send({ attachments: [{ kind: 'contact', name: 'Ben', phone: '+1555' }] });
    await send({ text: 'That one', quote: { providerMessageId: 'wamid.in' } });
    expect(sent().map(({ type }) => type)).toEqual(['interactive', 'interactive', 'location', 'contacts', 'text']);
    expect(sent()[1]).toMatchObject({ interactive: { type: 'list', action: { button: 'Show' } } });
    expect(sent()[4]).toMatchObject({ context: { message_id: 'wamid.in' } });
  });
  test.each([
    ['image', 'image/png', 'image'],
    ['image', 'image/gif', 'document'],
    ['voice', 'audio/ogg; codecs=opus', 'audio'],
    ['video', 'video/mp4', 'video'],
    ['document', 'application/pdf', 'document'],
  ] as const)('uploads a %s of type %s and sends it as %s', async (kind, mimeType, type) => {
    const content = Buffer.from('bytes of a file');
    await send(
      { text: 'see', attachments: [{ kind, fileId: 'file_1', name: 'a file' }] },
      { loadFile: async () => ({ name: 'f', mimeType, content }) },
    );
    const [media] = number.media.values();
    expect(media?.bytes.equals(content)).toBe(true);
    expect(sent().find((payload) => payload['type'] === type)).toMatchObject({ [type]: { id: media?.id } });
  });
  test('fills a template by its own definition', async () => {
    const components = [
      { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
      { type: 'BODY', text: 'Hello {{1}}, it left at {{2}}.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'URL', text: 'Track', url: 'https://shop.test/{{1}}' },
          { type: 'QUICK_REPLY', text: 'Stop' },
        ],
      },
    ];
    number.templates = [
      {
        id: '1',
        name: 'order_left',
        language: 'en_US',
        category: 'UTILITY',
        status: 'APPROVED',
        parameter_format: 'POSITIONAL',
        components,
      },
    ];
    const parameters = { '1': 'Amina', '2': '14:05\nsharp', header: 'A-117', 'button.0': 'A-117' };
    await send(
      { text: 'x', template: { name: 'order_left', language: 'en_US', parameters } },
      { loadTemplate: async () => ({ isNamed: false, components }) },
    );
    expect(sent()[0]).toMatchObject({
      type: 'template',
      template: {
        name: 'order_left',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'text', text: 'A-117' }] },
          { type: 'body', parameters: [{ text: 'Amina' }, { text: '14:05 sharp' }] },
          { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'A-117' }] },
        ],
      },
    });
  });
  test('marks as read and shows typing in one call', async () => {
    await createWhatsAppAdapter({ egress }).typing?.show({ account, address: `+${amina}`, providerMessageId: 'wamid.in' });
    expect(number.reads).toEqual([{ messageId: 'wamid.in', isTyping: true }]);
  });
});

// The table of docs/reference: what Meta answers, and what that is to us.
const table: [number, WhatsAppFault['more'], string, object?][] = [
  [0, {}, 'channel.token'],
  [190, { subcode: 463 }, 'channel.token'],
  [3, {}, 'channel.token'],
  [10, {}, 'channel.token'],
  [200, {}, 'channel.token'],
  [299, {}, 'channel.token'],
  [4, {}, 'upstream.limited', { retryAfterMs: 60_000, extra: { scope: 'account' } }],
  [80007, { regainMinutes: 7 }, 'upstream.limited', { retryAfterMs: 420_000, extra: { scope: 'account' } }],
  [130429, { retryAfter: 3 }, 'upstream.limited', { retryAfterMs: 3_000, extra: { scope: 'account' } }],
  [131057, {}, 'upstream.limited', { retryAfterMs: 60_000, extra: { scope: 'account' } }],
  [131056, {}, 'upstream.limited', { retryAfterMs: 1_000, extra: { scope: 'recipient' } }],
  [131048, {}, 'send.quality'],
  [131049, {}, 'channel.capped'],
  [130472, {}, 'channel.capped'],
  [131050, {}, 'send.opted-out'],
  [131047, {}, 'send.window'],
  [131026, {}, 'channel.unreachable'],
  [131051, {}, 'channel.content'],
  [131052, {}, 'channel.content'],
  [131053, {}, 'channel.content'],
  [131008, {}, 'channel.content'],
  [131009, {}, 'channel.content'],
  [100, {}, 'channel.content'],
  [131000, {}, 'upstream.broken'],
  [131016, {}, 'upstream.broken'],
  [1, {}, 'upstream.broken'],
  [2, {}, 'upstream.broken'],
  [130497, {}, 'channel.refused'],
  [131031, {}, 'channel.token'],
  [368, {}, 'channel.token'],
  [132000, {}, 'send.template'],
  [132001, {}, 'send.template'],
  [132005, {}, 'send.template'],
  [132007, {}, 'send.template'],
  [132012, {}, 'send.template'],
  [132015, {}, 'send.template'],
  [132016, {}, 'send.template'],
  [133010, {}, 'channel.token'],
  [133016, {}, 'channel.token'],
];

describe('Meta’s refusals', () => {
  test.each(table)('%i %o is %s', async (code, more, meaning, facts = {}) => {
    fake.fail({ kind: 'error', code, ...(more ? { more } : {}) });
    const error = await failure();
    expect(error).toMatchObject({ code: meaning, ...facts });
    expect(error.detail).toContain(`(code ${code})`);
    expect(error.hint ?? error.meaning.hint ?? (error.meaning.retry === 'later' || 'none')).not.toBe('none');
    expect(fake.accepted()).toEqual([]);
  });
  test('are all in this test', () => expect(knownCodes.filter((code) => !table.some(([tested]) => tested === code))).toEqual([]));
  test('that nobody knows yet stop this message only', async () => {
    fake.fail({ kind: 'error', code: 199_999 });
    expect((await failure()).code).toBe('channel.content');
  });
  test.each([
    ['server-error', 'upstream.ambiguous'],
    ['gateway', 'upstream.ambiguous'],
    ['garbage', 'upstream.ambiguous'],
    ['cut-before', 'upstream.ambiguous'],
    ['cut-after', 'upstream.ambiguous'],
  ] as const)('but %s leaves it open: %s', async (kind, code) => {
    fake.fail({ kind });
    expect((await failure()).code).toBe(code);
    expect(fake.accepted()).toHaveLength(kind === 'cut-after' ? 1 : 0);
  });
  test('an upload that broke off is tried again: nobody saw it', async () => {
    fake.fail({ kind: 'cut-before', call: 'media' });
    const file = async () => ({ name: 'f', mimeType: 'image/png', content: Buffer.from('x') });
    expect((await failure({ attachments: [{ kind: 'image', fileId: 'f' }] }, { loadFile: file })).code).toBe('upstream.broken');
  });
  test('no error shows the token', async () => {
    const { inspect } = await import('node:util');
    fake.fail({ kind: 'cut-before' });
    const error = await failure();
    expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain(number.token);
  });
});
