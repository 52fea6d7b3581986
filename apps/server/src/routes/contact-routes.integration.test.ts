import { newId, upsertContact, upsertConversation } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let workspaceId: string;
beforeAll(async () => {
  server = await startTestServer();
  const { rows } = await server.pool.query<{ id: string; kind: string; workspace_id: string }>(
    'select id, kind, workspace_id from channels limit 1',
  );
  workspaceId = rows[0]?.workspace_id ?? '';
});
afterAll(() => server.close());

const channelOf = async (kind: string): Promise<string> => {
  const id = newId('channel');
  await server.pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, $3, $3)`, [id, workspaceId, kind]);
  return id;
};

/** As ingest does when somebody writes. */
async function hear(channel: { id: string; kind: string }, address: string, name: string) {
  const contactId = await upsertContact(server.pool, {
    contactId: newId('contact'),
    identityId: newId('identity'),
    workspaceId,
    channelKind: channel.kind,
    address,
    name,
    language: 'es',
  });
  const { id } = await upsertConversation(server.pool, {
    id: newId('conversation'),
    workspaceId,
    channelId: channel.id,
    contactId,
    address,
    isGroup: false,
  });
  return { contactId, conversationId: id };
}

const get = async (id: string) => (await server.owner.call('GET', `/api/contacts/${id}`)).body;
const post = (id: string, what: string, body: object) => server.owner.call('POST', `/api/contacts/${id}/${what}`, body);
/** All that a merge may touch, as it stands in the tables. */
const everything = async (...ids: string[]) => {
  const one = (sql: string) => server.pool.query(sql, [ids]).then(({ rows }) => rows);
  return {
    contacts: await one('select id, name, language, attributes, merged_into from contacts where id = any ($1) order by id'),
    identities: await one('select id, contact_id, channel_kind, address from identities where contact_id = any ($1) order by id'),
    conversations: await one('select id, contact_id, channel_id, address from conversations where contact_id = any ($1) order by id'),
    notes: await one('select id, contact_id, text from contact_notes where contact_id = any ($1) order by id'),
  };
};

test('a merge joins addresses, conversations and notes, and unmerging restores both exactly', async () => {
  const [telegram, whatsapp] = [
    { id: await channelOf('telegram'), kind: 'telegram' },
    { id: await channelOf('whatsapp'), kind: 'whatsapp' },
  ];
  const ana = await hear(telegram, '7001', 'Ana');
  const other = await hear(whatsapp, '+34600111222', 'Ana García');
  await server.owner.call('PATCH', `/api/contacts/${other.contactId}`, { attributes: { size: 'M', city: 'Lugo' } });
  await server.owner.call('PATCH', `/api/contacts/${ana.contactId}`, { attributes: { size: 'S' } });
  await post(other.contactId, 'notes', { text: 'Likes blue' });
  const before = await everything(ana.contactId, other.contactId);

  const merged = await post(ana.contactId, 'merge', { contact: other.contactId });
  expect(merged.body).toMatchObject({
    name: 'Ana',
    attributes: { size: 'S', city: 'Lugo' },
    notes: [{ text: 'Likes blue' }],
    merges: [{ contact: other.contactId, name: 'Ana García' }],
  });
  expect(merged.body.identities.map(({ address }: { address: string }) => address)).toEqual(['7001', '+34600111222']);
  expect(merged.body.conversations.map(({ id }: { id: string }) => id).sort()).toEqual([ana.conversationId, other.conversationId].sort());
  expect((await server.owner.call('GET', '/api/contacts?search=600111222')).body.items).toMatchObject([{ id: ana.contactId }]);
  expect(await get(other.contactId)).toMatchObject({ mergedInto: ana.contactId, conversations: [] });
  // Whoever writes from the other address now is the joined contact.
  expect((await hear(whatsapp, '+34600111222', 'Ana García')).contactId).toBe(ana.contactId);
  expect((await post(other.contactId, 'merge', { contact: ana.contactId })).status).toBe(409);

  const merge = merged.body.merges[0].id;
  expect((await post(ana.contactId, 'unmerge', { merge })).body).toMatchObject({ parted: other.contactId });
  expect(await everything(ana.contactId, other.contactId)).toEqual(before);
  expect((await post(ana.contactId, 'unmerge', { merge })).status).toBe(409);
  const acts = (await server.owner.call('GET', '/api/audit?limit=50')).body.items.filter(
    ({ subject }: { subject: string }) => subject === ana.contactId,
  );
  expect(acts.map(({ action }: { action: string }) => action)).toEqual(['contact.unmerged', 'contact.merged', 'contact.changed']);
});

test('what came in since a merge goes back with its address, and what staff changed since stays', async () => {
  const [sms, mail] = [
    { id: await channelOf('sms'), kind: 'sms' },
    { id: await channelOf('email'), kind: 'email' },
  ];
  const bea = await hear(sms, '+34600333444', '');
  const twin = await hear(mail, 'bea@example.com', 'Bea');
  await server.owner.call('PATCH', `/api/contacts/${twin.contactId}`, { attributes: { city: 'Vigo', size: 'L' } });
  const { body } = await post(bea.contactId, 'merge', { contact: twin.contactId });
  expect(body).toMatchObject({ name: 'Bea', attributes: { city: 'Vigo', size: 'L' } });
  const later = await hear({ id: await channelOf('email'), kind: 'email' }, 'bea@example.com', 'Bea');
  expect(later.contactId).toBe(bea.contactId);
  await server.owner.call('PATCH', `/api/contacts/${bea.contactId}`, { attributes: { city: 'Ourense', size: 'L' } });
  await post(bea.contactId, 'unmerge', { merge: body.merges[0].id });
  expect(await get(bea.contactId)).toMatchObject({ name: '', attributes: { city: 'Ourense' } });
  expect((await get(twin.contactId)).conversations.map(({ id }: { id: string }) => id)).toContain(later.conversationId);
});

test('what staff wrote is not overwritten by a provider’s profile', async () => {
  const channel = { id: await channelOf('telegram'), kind: 'telegram' };
  const { contactId } = await hear(channel, '7100', 'xX_max_Xx');
  await server.owner.call('PATCH', `/api/contacts/${contactId}`, { name: 'Max Muster' });
  await hear(channel, '7100', 'xX_max_Xx');
  expect(await get(contactId)).toMatchObject({ name: 'Max Muster', language: 'es' });
});

test('addresses are kept as their channels write them, once in the workspace, and removed only while nobody talks there', async () => {
  const made = await server.owner.call('POST', '/api/contacts', {
    name: 'Carla',
    identities: [{ channelKind: 'whatsapp', address: '0034 600-555 666' }],
  });
  expect(made).toMatchObject({ status: 201, body: { name: 'Carla', identities: [{ address: '+34600555666' }] } });
  const { id, identities } = made.body;
  expect(await post(id, 'identities', { channelKind: 'email', address: 'Carla@Example.COM' })).toMatchObject({ status: 201 });
  expect(await post(id, 'identities', { channelKind: 'sms', address: '600555666' })).toMatchObject({
    status: 400,
    body: { path: 'address' },
  });
  const second = (await server.owner.call('POST', '/api/contacts', { name: 'Other' })).body.id;
  expect(await post(second, 'identities', { channelKind: 'email', address: 'carla@example.com' })).toMatchObject({ status: 409 });
  const removed = await server.owner.call('DELETE', `/api/contacts/${id}/identities/${identities[0].id}`);
  expect(removed.body.identities).toMatchObject([{ address: 'carla@example.com' }]);
  const talks = await hear({ id: await channelOf('sms'), kind: 'sms' }, '+34600777888', 'Dora');
  const own = (await get(talks.contactId)).identities[0].id;
  expect((await server.owner.call('DELETE', `/api/contacts/${talks.contactId}/identities/${own}`)).status).toBe(409);
});

test('wishes are kept per address and purpose, and lifted again', async () => {
  const { contactId } = await hear({ id: await channelOf('sms'), kind: 'sms' }, '+34600999000', 'Eva');
  const identity = (await get(contactId)).identities[0].id;
  const wish = async (purpose: string, given: string) => (await post(contactId, 'wishes', { identity, purpose, wish: given })).body.wishes;
  expect(await wish('marketing', 'stop')).toMatchObject([
    { purpose: 'marketing', isAllowed: false, source: 'staff', address: '+34600999000' },
  ]);
  expect(await wish('marketing', 'consent')).toMatchObject([{ purpose: 'marketing', isAllowed: true }]);
  expect(await wish('service', 'stop')).toMatchObject([{ purpose: 'service', isAllowed: false }]);
  expect(await wish('service', 'again')).toEqual([]);
});

test('the list comes in pages by name, and finds names, addresses and notes', async () => {
  for (const name of ['zoe 1', 'Zoe 2', 'zoe 3']) await server.owner.call('POST', '/api/contacts', { name });
  const first = (await server.owner.call('GET', '/api/contacts?search=zoe&limit=2')).body;
  const next = (await server.owner.call('GET', `/api/contacts?search=zoe&limit=2&cursor=${first.next}`)).body;
  expect([...first.items, ...next.items].map(({ name }: { name: string }) => name)).toEqual(['zoe 1', 'Zoe 2', 'zoe 3']);
  expect(next.next).toBeNull();
  expect((await server.owner.call('GET', '/api/contacts?search=100%25')).body.items).toEqual([]);
});
