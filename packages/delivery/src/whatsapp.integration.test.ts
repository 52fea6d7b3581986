import { createAdapters } from '@holdfast/channels';
import { newId } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import type { OutgoingMessage } from '@holdfast/node-kit';
import { startWhatsAppFake, type FakeNumber, type WhatsAppFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { applyStatuses } from './apply-statuses.ts';
import type { Delivery } from './step-send.ts';
import { openWorld, type World } from './test/test-world.ts';

let world: World;
let fake: WhatsAppFake;
let number: FakeNumber;
let egress: Egress;
let delivery: Delivery;
let channelId: string;
let nth = 0;

beforeAll(async () => {
  world = await openWorld();
  fake = await startWhatsAppFake();
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(async () => {
  await egress.close();
  await fake.close();
  await world.close();
});

/** A number of its own for each test, so that what one breaks the next doesn't see. */
beforeEach(async () => {
  nth += 1;
  number = fake.addNumber({
    phoneNumberId: String(1_000_000_000_000 + nth),
    wabaId: String(2_000_000_000_000 + nth),
    token: `EAA-token-number-${nth}`,
  });
  channelId = newId('channel');
  const { phoneNumberId, wabaId, token, appSecret } = number;
  await world.pool.query(
    `insert into channels (id, workspace_id, kind, name, config, secret, key_id) values ($1, 'ws_1', 'whatsapp', 'Shop', $2, $3, 'k')`,
    [channelId, JSON.stringify({ phoneNumberId, wabaId }), Buffer.from(JSON.stringify({ token, appSecret }))],
  );
  delivery = world.newDelivery({ maxWaitMs: 300, adapters: createAdapters({ egress, apiUrls: { whatsapp: fake.url } }) });
});

interface Customer {
  conversation: string;
  phone: string;
}
async function customer(): Promise<Customer> {
  const phone = String(254_700_000_000 + nth * 1_000 + Math.floor(number.lastInboundAt.size));
  const conversation = newId('conversation');
  number.lastInboundAt.set(phone, Date.now());
  await world.pool.query(
    `insert into conversations (id, workspace_id, channel_id, contact_id, address, last_in_at, window_until) values ($1, 'ws_1', $2, 'cont_1', $3, now(), now() + interval '24 hours')`,
    [conversation, channelId, `+${phone}`],
  );
  return { conversation, phone };
}
async function send({ conversation }: Customer, message: Partial<OutgoingMessage> = { text: 'hello' }) {
  const run = await world.newRun(conversation);
  return delivery
    .sendForStep(world.send(run, conversation, message))
    .catch((error: { code: string }) => ({ state: 'thrown', code: error.code }));
}

test('a template takes the place of the words once the window is closed, and never before', async () => {
  const components = [{ type: 'BODY', text: 'Hello {{1}}' }];
  number.templates = [
    { id: '1', name: 'hello', language: 'en', category: 'UTILITY', status: 'APPROVED', parameter_format: 'POSITIONAL', components },
  ];
  await world.pool.query(
    `insert into message_templates (workspace_id, channel_id, name, language, provider_id, category, status, components) values ('ws_1', $1, 'hello', 'en', '1', 'utility', 'approved', $2)`,
    [channelId, JSON.stringify(components)],
  );
  const message = { text: 'Hello Ana', template: { name: 'hello', language: 'en', parameters: { '1': 'Ana' } } };
  const person = await customer();
  expect(await send(person, message)).toMatchObject({ state: 'accepted' });
  await world.pool.query(`update conversations set window_until = now() - interval '1 minute' where id = $1`, [person.conversation]);
  expect(await send(person, { text: 'Only words' })).toMatchObject({ state: 'refused', code: 'send.window' });
  expect(await send(person, message)).toMatchObject({ state: 'accepted' });
  expect(number.accepted.map(({ type }) => type)).toEqual(['text', 'template']);
});

test('a connection that is cut after Meta took the message leaves it unknown, once; the status finds it by what we gave along, with its price', async () => {
  const people: Customer[] = [];
  for (let count = 0; count < 25; count += 1) people.push(await customer());
  number.faults.push({ kind: 'cut-after', times: people.length });
  for (const person of people) expect(await send(person)).toMatchObject({ state: 'unknown' });
  expect(number.accepted).toHaveLength(people.length);
  const reports = number.accepted.map(({ id, callbackData }) => ({
    workspaceId: 'ws_1',
    channelId,
    providerMessageId: id,
    reference: callbackData,
    status: 'delivered' as const,
    at: new Date().toISOString(),
    problem: null,
    price: { micro: 4_000, currency: 'USD', detail: { category: 'service', isBillable: true } },
  }));
  await applyStatuses(world.pool, reports.toReversed());
  const rows = await world.pool.query(
    `select m.status, m.price_micro::int as price, count(*)::int as count from messages m join conversations v on v.id = m.conversation_id where v.channel_id = $1 group by 1, 2`,
    [channelId],
  );
  expect(rows.rows).toEqual([{ status: 'delivered', price: 4_000, count: people.length }]);
});

test('a PDF that a run made arrives as a document under its own name', async () => {
  await world.pool.query(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_pdf', 'ws_1', 'Invoice A-1.pdf', 'application/pdf', 8, '', '%PDF-1.7')`,
  );
  const message = { text: 'Here it is.', attachments: [{ kind: 'document' as const, fileId: 'file_pdf' }] };
  expect(await send(await customer(), message)).toMatchObject({ state: 'accepted' });
  expect(number.accepted).toContainEqual(
    expect.objectContaining({
      type: 'document',
      payload: expect.objectContaining({ document: expect.objectContaining({ filename: 'Invoice A-1.pdf' }) }),
    }),
  );
});
