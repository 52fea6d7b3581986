import { startQuickbooksFake, type QuickbooksFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { triggerWorld, type TriggerWorld } from '../test/trigger-world.ts';

const other = '9999';
let world: TriggerWorld;
let books: QuickbooksFake;
let credential: string;
beforeAll(async () => {
  world = await triggerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  books = await startQuickbooksFake();
  credential = await addCompany(books.realmId);
  books.company.webhooks.endpoint = `${world.url}/hooks/credentials/${credential}`;
  return async () => {
    await world.pool.query('update flows set archived_at = now()');
    await world.pool.query('delete from credentials');
    await books.close();
  };
});

async function addCompany(realmId: string): Promise<string> {
  const token = 'good';
  books.oauth.accessTokens.add(token);
  const id = await world.addCredential('quickbooks', {
    settings: { environment: 'sandbox', clientId: 'app' },
    account: { realmId },
    secret: { clientSecret: 'x' },
    open: {
      apiUrl: `${books.url}/v3/company/${realmId}/`,
      baseUrl: books.url,
      provider: `quickbooks:${books.url}/${realmId}`,
      secret: { token },
    },
  });
  await world.pool.query('insert into credential_hooks (credential_id, workspace_id, secret, key_id) values ($1, $2, $3, $4)', [
    id,
    world.world.workspaceId,
    Buffer.from(JSON.stringify({ signingKey: books.company.webhooks.manner.verifier })),
    'k',
  ]);
  return id;
}
const listen = async (config: object): Promise<string> => {
  const flow = await world.publish('quickbooks-trigger', { credential, ...config });
  await world.look();
  return flow;
};
const told = async (flow: string): Promise<string[]> =>
  (await world.inputs(flow)).map(({ entity, operation, id }) => `${operation} ${entity} ${id}`);

test.each(['cloud-events', 'event-notifications'] as const)('what QuickBooks tells as %s starts one run for each change', async (shape) => {
  Object.assign(books.company.webhooks.manner, { shape, copies: 2 });
  const flow = await listen({ topics: ['Invoice', 'Customer'], operations: ['Create', 'Update', 'Delete', 'Merge'] });
  const invoice = books.add('Invoice', { DocNumber: '1001', TotalAmt: 40 });
  books.add('Item', { Name: 'Milk' });
  books.company.webhooks.note({
    entity: 'Customer',
    id: '9',
    operation: 'Merge',
    at: new Date().toISOString(),
    realmId: books.realmId,
    deletedId: '7',
  });
  expect(await books.company.webhooks.send()).toEqual([200, 200]);
  books.remove('Invoice', invoice.Id);
  expect(await books.company.webhooks.send()).toEqual([200, 200]);
  expect(await told(flow)).toEqual([`Create Invoice ${invoice.Id}`, 'Merge Customer 9', `Delete Invoice ${invoice.Id}`]);
  expect(await world.inputs(flow)).toMatchObject([{ company: books.realmId, mergedId: null, isCaughtUp: false }, { mergedId: '7' }, {}]);
  await world.look();
  expect(await told(flow)).toHaveLength(3);
});

test('one address takes the messages of several companies, and what is not signed with the verifier token is refused', async () => {
  const mine = await listen({ topics: ['Invoice'] });
  const first = credential;
  credential = await addCompany(other);
  const theirs = await world.publish('quickbooks-trigger', { credential, topics: ['Invoice'] });
  books.add('Invoice', {});
  for (const realmId of [other, '1'])
    books.company.webhooks.note({ entity: 'Invoice', id: '50', operation: 'Create', at: new Date().toISOString(), realmId });
  expect(await books.company.webhooks.send()).toEqual([200]);
  expect(await told(mine)).toEqual(['Create Invoice 1']);
  expect(await told(theirs)).toEqual(['Create Invoice 50']);
  books.company.webhooks.manner.verifier = 'another';
  books.add('Invoice', {});
  expect(await books.company.webhooks.send()).toEqual([401]);
  books.company.webhooks.endpoint = `${world.url}/hooks/credentials/${first}x`;
  books.add('Invoice', {});
  expect(await books.company.webhooks.send()).toEqual([404]);
  expect(await told(mine)).toHaveLength(1);
});

test('what was not told is read, and told after it was read it starts nothing more', async () => {
  const before = books.add('Customer', { DisplayName: 'Old' });
  await books.company.webhooks.send();
  const flow = await listen({ topics: ['Invoice', 'Customer'], operations: ['Create', 'Update', 'Delete'] });
  const invoice = books.add('Invoice', {});
  const gone = books.add('Invoice', {});
  books.remove('Invoice', gone.Id);
  books.change('Customer', before, { Notes: 'x' });
  await world.look();
  const expected = [`Create Invoice ${invoice.Id}`, `Delete Invoice ${gone.Id}`, `Update Customer ${before.Id}`];
  expect((await told(flow)).toSorted()).toEqual(expected);
  expect(await world.inputs(flow)).toMatchObject([{ isCaughtUp: true }, { isCaughtUp: true }, { isCaughtUp: true }]);
  await books.company.webhooks.send();
  await world.look();
  // That the second one was made could be told only by a message: it is gone.
  expect((await told(flow)).toSorted()).toEqual([...expected, `Create Invoice ${gone.Id}`].toSorted());
});

test('more changes than QuickBooks tells at once are asked for page by page', async () => {
  const flow = await listen({ topics: ['Item'], operations: ['Create'] });
  books.company.changesAtOnce = 5;
  for (let count = 0; count < 12; count += 1) books.add('Item', { Name: `Item ${count}` });
  await world.look({ pace: { changesAtOnce: 5 } });
  expect(new Set(await told(flow)).size).toBe(12);
});
