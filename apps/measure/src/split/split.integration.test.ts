import { testDatabase, testTemporal, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SplitProduct } from '../product/split-product.ts';
import { askingFlow, flow } from '../waiting/waiting-flows.ts';

// As in production: a server, and workers that only share PostgreSQL and Temporal with it.
let database: TestDatabase;
let product: SplitProduct;

beforeAll(async () => {
  const temporal = await testTemporal();
  database = await testDatabase();
  const services = { databaseUrl: database.url, temporalAddress: temporal.address, temporalNamespace: temporal.namespace };
  product = await SplitProduct.start(services, { workers: 2, environment: {} });
}, 300_000);
afterAll(async () => {
  await product?.close();
  await database.close();
});

const rows = async (sql: string) => (await database.pool.query(sql)).rows;
const said = async (contact: string) =>
  (
    await rows(
      `select m.text from messages m join conversations c on c.id = m.conversation_id join contacts p on p.id = c.contact_id
        where p.name = '${contact}' and m.direction = 'out' and m.status = 'sent' order by m.created_at`,
    )
  ).map(({ text }) => text);

test('each process listens on one connection, and the server answers with what a worker did in its express lane', async () => {
  await product.api.publish(
    flow('Adds', [
      { id: 'start', type: 'webhook-trigger', config: { path: 'adds-9k2m1', respond: 'result', timeout: '60s' }, port: 'received' },
      { id: 'note', type: 'set-data', config: { fields: [{ name: 'said', value: 'Hello {{ trigger.body.name }}' }] }, port: 'done' },
      { id: 'end', type: 'end', config: { result: 'fields', fields: [{ name: 'said', value: '{{ nodes.note.said }}' }] } },
    ]),
  );
  const names = Array.from({ length: 12 }, (_, index) => `caller ${index}`);
  const answers = await Promise.all(names.map((name) => product.api.call('POST', '/hooks/flows/adds-9k2m1', { name })));
  expect(answers).toEqual(names.map((name) => ({ said: `Hello ${name}` })));
  expect(await rows(`select distinct began_in from runs`)).toEqual([{ began_in: 'express' }]);
  // All children, and none of them twice.
  await expect
    .poll(() =>
      rows(`select count(*)::int from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()`),
    )
    .toEqual([{ count: 3 }]);
});

test('a conversation goes on although the worker that asked its question is gone', async () => {
  await product.api.publish(askingFlow());
  const people = Array.from({ length: 6 }, (_, index) => `person ${index}`);
  const write = (contact: string, text: string) => product.api.call('POST', '/api/simulator/messages', { contact, text });
  const heard = async () => (await Promise.all(people.map(said))).map(({ length }) => length);
  await Promise.all(people.map((person) => write(person, 'Hello')));
  await expect.poll(heard, { timeout: 60_000, interval: 100 }).toEqual(people.map(() => 1));
  product.killWorker();
  await Promise.all(people.map((person) => write(person, `order of ${person}`)));
  await expect.poll(heard, { timeout: 60_000, interval: 100 }).toEqual(people.map(() => 2));
  expect(await said('person 3')).toEqual(['Which order is it about?', 'We look into order of person 3.']);
});
