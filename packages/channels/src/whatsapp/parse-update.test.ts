import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { parseUpdate } from './parse-update.ts';

const envelope = (value: JsonObject, field = 'messages'): JsonValue => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '2000000000001', changes: [{ field, value: { messaging_product: 'whatsapp', ...value } }] }],
});
const metadata = { display_phone_number: '15550001111', phone_number_id: '1000000000001' };
const contacts = [{ profile: { name: 'Amina' }, wa_id: '254700000001', user_id: 'KE.84XyZ' }];
const inbound = (content: JsonObject, more: JsonObject = {}): JsonValue =>
  envelope({ metadata, contacts, messages: [{ from: '254700000001', id: 'wamid.1', timestamp: '1795392000', ...content }], ...more });
const only = (given: JsonValue) => {
  const events = parseUpdate(given);
  expect(events).toHaveLength(1);
  return events[0];
};

describe('a message', () => {
  test('is known by its number, and by its user id beside it', () =>
    expect(only(inbound({ type: 'text', from_user_id: 'KE.84XyZ', text: { body: 'Bei gani?' } }))).toMatchObject({
      kind: 'message',
      eventId: 'wamid.1',
      providerMessageId: 'wamid.1',
      address: '+254700000001',
      contact: { address: '+254700000001', name: 'Amina', phone: '+254700000001', aliases: ['KE.84XyZ'] },
      text: 'Bei gani?',
      sentAt: '2026-11-23T00:00:00.000Z',
      windowUntil: '2026-11-24T00:00:00.000Z',
    }));
  test.each([
    ['without any phone', { from_user_id: 'KE.84XyZ' }, [{ profile: { name: 'Amina' }, user_id: 'KE.84XyZ' }]],
    ['with the user id where the phone was', { from: 'KE.84XyZ' }, [{ profile: { username: 'amina' }, wa_id: 'KE.84XyZ' }]],
  ])('%s is known by its user id', (_name, from, people) => {
    const event = only(
      envelope({
        metadata,
        contacts: people,
        messages: [{ id: 'wamid.1', timestamp: '1795392000', type: 'text', text: { body: 'hi' }, ...from }],
      }),
    );
    expect(event?.address).toBe('KE.84XyZ');
    expect(event?.contact.phone).toBeUndefined();
    expect(event?.contact.aliases).toEqual([]);
  });
  test.each([
    [
      'image',
      { image: { id: 'm1', mime_type: 'image/jpeg', caption: 'see' } },
      { kind: 'image', providerFileId: 'm1', mimeType: 'image/jpeg' },
      'see',
    ],
    ['audio', { audio: { id: 'm1', mime_type: 'audio/ogg; codecs=opus', voice: true } }, { kind: 'voice', mimeType: 'audio/ogg' }, ''],
    ['audio', { audio: { id: 'm1', mime_type: 'audio/mpeg', voice: false } }, { kind: 'audio' }, ''],
    ['video', { video: { id: 'm1', mime_type: 'video/mp4' } }, { kind: 'video' }, ''],
    ['document', { document: { id: 'm1', filename: 'Invoice.pdf' } }, { kind: 'document', name: 'Invoice.pdf' }, ''],
    ['sticker', { sticker: { id: 'm1', mime_type: 'image/webp' } }, { kind: 'sticker' }, ''],
    [
      'location',
      { location: { latitude: -1.28, longitude: 36.8, name: 'Shop', address: 'Moi Av.' } },
      { kind: 'location', latitude: -1.28, name: 'Shop', address: 'Moi Av.' },
      '',
    ],
    [
      'contacts',
      { contacts: [{ name: { formatted_name: 'Ben' }, phones: [{ phone: '+1 555' }] }] },
      { kind: 'contact', name: 'Ben', phone: '+1 555' },
      '',
    ],
  ])('carries %s', (type, content, attachment, text) => {
    const event = only(inbound({ type, ...content }));
    expect(event).toMatchObject({ kind: 'message', text });
    expect(event?.attachments[0]).toMatchObject(attachment);
  });
  test.each([
    ['interactive', { interactive: { type: 'button_reply', button_reply: { id: 'ok', title: 'Yes' } } }, { id: 'ok', label: 'Yes' }],
    [
      'interactive',
      { interactive: { type: 'list_reply', list_reply: { id: 'r2', title: 'Refund', description: 'd' } } },
      { id: 'r2', label: 'Refund' },
    ],
    ['button', { button: { payload: 'MORE', text: 'More' } }, { id: 'MORE', label: 'More' }],
  ])('of type %s is a tap, and names what was tapped', (type, content, button) =>
    expect(only(inbound({ type, ...content, context: { from: '1', id: 'wamid.asked' } }))).toMatchObject({
      kind: 'button',
      button,
      text: button.label,
      quote: { providerMessageId: 'wamid.asked' },
    }),
  );
  test('with an order reads as its lines', () => {
    const order = { text: 'Please', product_items: [{ product_retailer_id: 'SKU-1', quantity: '2', item_price: 9.5, currency: 'KES' }] };
    expect(only(inbound({ type: 'order', order }))?.text).toBe('Please\n2 × SKU-1 (9.5 KES)');
  });
  test('from an advertisement says so; forwarded and answered too', () =>
    expect(
      only(
        inbound({
          type: 'text',
          text: { body: 'hi' },
          referral: { source_id: '77', ctwa_clid: 'x' },
          context: { id: 'wamid.0', forwarded: true },
        }),
      ),
    ).toMatchObject({ referral: { source_id: '77' }, isForwarded: true, quote: { providerMessageId: 'wamid.0' } }));
  test('that Meta can’t pass on is a message all the same: somebody wrote', () => {
    const errors = [{ code: 131051, title: 'Unsupported', error_data: { details: 'Polls are not supported' } }];
    expect(only(inbound({ type: 'unsupported', errors }))).toMatchObject({
      kind: 'message',
      text: '',
      attachments: [{ kind: 'other', name: 'Polls are not supported' }],
    });
  });
  test('in a group belongs to the group, and to its writer', () =>
    expect(only(inbound({ type: 'text', text: { body: 'hi' }, group_id: 'Y2FwaV9ncm91cA' }))).toMatchObject({
      isGroup: true,
      address: 'Y2FwaV9ncm91cA',
      contact: { address: '+254700000001' },
    }));
});

describe('a wish for no marketing', () => {
  const wishOf = (given: JsonObject) =>
    parseUpdate(
      envelope({
        metadata,
        contacts: [{ wa_id: '254700000001' }],
        messages: [{ from: '254700000001', id: 'wamid.W', timestamp: '1', ...given }],
      }),
    ).map(({ kind, preference }) => preference ?? kind);
  const no = { purpose: 'marketing', isAllowed: false };
  test.each(['STOP', ' stop. ', '¡Baja!', 'Arrêt', 'إلغاء', 'unsubscribe'])('is heard in %j, which is a message all the same', (body) =>
    expect(wishOf({ type: 'text', text: { body } })).toEqual(['message', no]),
  );
  test('is heard in a template’s button', () =>
    expect(wishOf({ type: 'button', button: { payload: 'OPTOUT', text: 'No more offers' } })).toEqual(['button', no]));
  test('is not read into a choice of a question', () =>
    expect(wishOf({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'stop', title: 'Stop' } } })).toEqual([
      'button',
    ]));
  test('is taken back by START', () =>
    expect(wishOf({ type: 'text', text: { body: 'Start' } })).toEqual(['message', { purpose: 'marketing', isAllowed: true }]));
  test.each(['Please stop by tomorrow', 'cancel', 'no', 'end'])('is not read into %j', (body) =>
    expect(wishOf({ type: 'text', text: { body } })).toEqual(['message']),
  );
});

describe('what is not a message', () => {
  test.each([
    ['👍', '👍'],
    ['', null],
    [undefined, null],
  ])('a reaction %j to a message', (emoji, kept) => {
    const reaction = { message_id: 'wamid.0', ...(emoji === undefined ? {} : { emoji }) };
    expect(only(inbound({ type: 'reaction', reaction }))).toMatchObject({
      kind: 'reaction',
      providerMessageId: 'wamid.0',
      reaction: { emoji: kept },
    });
  });
  test('an edit names the message and its new words; a deletion leaves none', () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'text', text: { body: 'two boxes' } } };
    expect(only(inbound({ type: 'edit', edit }))).toMatchObject({
      kind: 'edit',
      providerMessageId: 'wamid.0',
      text: 'two boxes',
      editedAt: '2026-11-23T00:00:00.000Z',
    });
    expect(only(inbound({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } }))).toMatchObject({
      kind: 'edit',
      providerMessageId: 'wamid.0',
      text: '',
    });
  });
  test.each([
    ['the new key', { type: 'user_changed_number', wa_id: '254700000009', body: 'changed' }],
    ['the old key', { type: 'user_changed_number', new_wa_id: '254700000009', body: 'changed' }],
  ])('a changed number under %s', (_name, system) =>
    expect(
      only(envelope({ metadata, messages: [{ from: '254700000001', id: 'wamid.s', timestamp: '1795392000', type: 'system', system }] })),
    ).toMatchObject({
      kind: 'migration',
      address: '+254700000001',
      migrateTo: '+254700000009',
    }),
  );
  test('a changed user id', () =>
    expect(only(envelope({ user_id_update: [{ previous_user_id: 'KE.old', user_id: 'KE.new' }] }, 'user_id_update'))).toMatchObject({
      kind: 'migration',
      address: 'KE.old',
      migrateTo: 'KE.new',
    }));
  test('staff who write with the app on their phone', () => {
    const message_echoes = [
      { from: '15550001111', to: '254700000001', id: 'wamid.e', timestamp: '1795392000', type: 'text', text: { body: 'On my way' } },
    ];
    expect(only(envelope({ metadata, message_echoes }, 'smb_message_echoes'))).toMatchObject({
      kind: 'echo',
      address: '+254700000001',
      text: 'On my way',
    });
  });
  test.each([
    ['stop', false],
    ['resume', true],
  ])('a wish about marketing: %s', (value, isAllowed) =>
    expect(
      only(
        envelope(
          { user_preferences: [{ wa_id: '254700000001', category: 'marketing_messages', value, timestamp: 1795392000 }] },
          'user_preferences',
        ),
      ),
    ).toMatchObject({ kind: 'preference', address: '+254700000001', preference: { purpose: 'marketing', isAllowed } }),
  );
});

describe('a status', () => {
  const status = (given: JsonObject) =>
    only(envelope({ metadata, statuses: [{ id: 'wamid.X', timestamp: '1795392060', recipient_id: '254700000001', ...given }] }));
  test('is known by its message and by what we gave along; the list’s price is put to Meta’s category', () =>
    expect(
      status({
        status: 'delivered',
        biz_opaque_callback_data: 'step_1:0',
        pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
      }),
    ).toMatchObject({
      kind: 'status',
      eventId: 'wamid.X:delivered',
      providerMessageId: 'wamid.X',
      status: {
        status: 'delivered',
        reference: 'step_1:0',
        price: { category: 'service', isBillable: true, amountMicro: 4_000, currency: 'USD' },
      },
    }));
  test('that Meta does not charge costs nothing; what its list does not price stays open', () => {
    expect(
      status({ status: 'sent', pricing: { billable: false, type: 'free_customer_service', category: 'service' } })?.status?.price
        ?.amountMicro,
    ).toBe(0);
    expect(
      status({ status: 'sent', pricing: { billable: true, type: 'regular', category: 'authentication-international' } })?.status?.price
        ?.amountMicro,
    ).toBeNull();
  });
  test('of somebody without a phone is priced by the country of their user id', () =>
    expect(
      status({ status: 'sent', recipient_id: '', recipient_user_id: 'MX.1', pricing: { billable: true, category: 'marketing' } })?.status
        ?.price,
    ).toMatchObject({ amountMicro: 30_500 }));
  test.each([
    ['a market that was compared with the list', 'MX.1', undefined],
    ['one that was not', 'IT.1', true],
    ['a country that left its region', 'PL.1', true],
    ['a country that no market names', 'AQ.1', true],
  ])('of %s says whether its price is an estimate', (_name, user, isEstimate) =>
    expect(
      status({ status: 'sent', recipient_id: '', recipient_user_id: user, pricing: { billable: true, category: 'utility' } })?.status?.price
        ?.isEstimate,
    ).toBe(isEstimate),
  );
  test('of a free entry point opens the window for 72 hours', () =>
    expect(
      status({ status: 'sent', pricing: { billable: false, type: 'free_entry_point', category: 'referral_conversion' } })?.windowUntil,
    ).toBe('2026-11-26T00:01:00.000Z'));
  test.each([
    [131047, 'send.window'],
    [131050, 'send.opted-out'],
    [131026, 'channel.unreachable'],
    [999999, 'channel.content'],
  ])('failed with %i means %s', (code, meaning) =>
    expect(status({ status: 'failed', errors: [{ code, title: 't', error_data: { details: 'because' } }] })?.status).toMatchObject({
      status: 'failed',
      problem: { code: meaning, detail: expect.stringContaining('because') },
    }),
  );
  test('played is read; one without a word of ours is left', () => {
    expect(status({ status: 'played' })?.status?.status).toBe('read');
    expect(parseUpdate(envelope({ metadata, statuses: [{ id: 'x', status: 'warning' }] }))).toEqual([]);
  });
});

describe('a call', () => {
  test('of several entries and messages is as many events, each with its own bytes only', () => {
    const message = (nth: number) => ({
      from: '254700000001',
      id: `wamid.${nth}`,
      timestamp: '1795392000',
      type: 'text',
      text: { body: `m${nth}` },
    });
    const entry = [1, 2, 3].map((nth) => ({
      id: '2000000000001',
      changes: [{ field: 'messages', value: { metadata, contacts, messages: [0, 1, 2, 3].map((more) => message(nth * 10 + more)) } }],
    }));
    const events = parseUpdate({ object: 'whatsapp_business_account', entry });
    expect(events.map(({ text }) => text)).toEqual(['m10', 'm11', 'm12', 'm13', 'm20', 'm21', 'm22', 'm23', 'm30', 'm31', 'm32', 'm33']);
    for (const { raw, text } of events) expect(JSON.stringify(raw).match(/"body":"m\d+"/g)).toEqual([`"body":"${text}"`]);
  });
  test.each([
    null,
    [],
    'x',
    {},
    { object: 'page', entry: [] },
    { object: 'whatsapp_business_account', entry: [{ changes: [{ value: 7 }] }] },
  ])('that is not Meta’s (%j) is nothing', (given) => expect(parseUpdate(given)).toEqual([]));
  test('with one entry that can’t be read keeps the others', () => {
    const messages = [7, { type: 'text' }, { from: '254700000001', id: 'wamid.ok', type: 'text', text: { body: 'fine' } }];
    expect(parseUpdate(envelope({ metadata, contacts, messages })).map(({ text }) => text)).toEqual(['fine']);
  });
});
