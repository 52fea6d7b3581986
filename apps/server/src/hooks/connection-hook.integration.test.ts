import { createHmac, randomUUID } from 'node:crypto';
import { startGoogleSheetsFake, startShopifyFake, type GoogleSheetsFake, type ShopifyFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

const publicUrl = 'https://holdfast.example.com';
let server: TestServer;
let shop: ShopifyFake;
let sheets: GoogleSheetsFake;
beforeAll(async () => {
  shop = await startShopifyFake();
  sheets = await startGoogleSheetsFake();
  server = await startTestServer({ environment: { HOLDFAST_PUBLIC_URL: publicUrl } });
});
afterAll(async () => {
  await server.close();
  await sheets.close();
  await shop.close();
});

const settings = { shop: 'kelp.myshopify.com', access: 'app', clientId: 'client-1' };
async function addShop(): Promise<string> {
  const { status, body } = await server.owner.call('POST', '/api/credentials', {
    name: 'Kelp & Sons',
    kind: 'shopify',
    baseUrl: shop.url,
    settings,
    secret: { clientSecret: shop.oauth.clientSecret },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

async function publish(credential: string): Promise<string> {
  const made = await server.owner.call('POST', '/api/flows', { name: 'Orders' });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const { id, draft } = made.body;
  const position = { x: 0, y: 0 };
  const file = {
    ...draft,
    nodes: [
      {
        id: 'start',
        type: 'shopify-trigger',
        typeVersion: 1,
        name: 'Ordered',
        config: { credential, topics: ['orders/create'] },
        position,
      },
      { id: 'end', type: 'end', typeVersion: 1, name: 'End', config: {}, position },
    ],
    edges: [{ id: 'e1', from: { node: 'start', port: 'happened' }, to: { node: 'end' } }],
  };
  await server.owner.call('PUT', `/api/flows/${id}/draft`, { file, revision: 1 });
  const published = await server.owner.call('POST', `/api/flows/${id}/publish`, {});
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  return id;
}

const tell = (credential: string, key: string, id: number, more: Record<string, string> = {}) => {
  const at = new Date().toISOString();
  const body = JSON.stringify({ id, name: `#${id}`, created_at: at, updated_at: at });
  return server.anonymous.call('POST', `/hooks/credentials/${credential}`, body, {
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': 'kelp.myshopify.com',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-event-id': randomUUID(),
    'x-shopify-hmac-sha256': createHmac('sha256', key).update(body).digest('base64'),
    ...more,
  });
};
const runsOf = async (flow: string) =>
  (await server.pool.query('select source, input from runs where flow_id = $1 order by id', [flow])).rows;

test('a published flow is told by its shop: subscribed to, proven, once, and shown with the connection', async () => {
  const credential = await addShop();
  const flow = await publish(credential);
  await expect
    .poll(() => shop.shop.webhooks.subscriptions, { timeout: 30_000 })
    .toMatchObject([{ topic: 'ORDERS_CREATE', uri: `${publicUrl}/hooks/credentials/${credential}` }]);
  const { clientSecret } = shop.oauth;
  for (let times = 0; times < 2; times += 1) expect(await tell(credential, clientSecret, 1001)).toMatchObject({ status: 200 });
  expect(await runsOf(flow)).toMatchObject([{ source: 'connection', input: { topic: 'orders/create', order: { number: '#1001' } } }]);
  expect(await tell(credential, 'guessed', 1002)).toMatchObject({ status: 401, body: { code: 'auth.signature' } });
  expect(await tell(credential, clientSecret, 1002, { 'x-shopify-shop-domain': 'other.myshopify.com' })).toMatchObject({ status: 403 });
  expect(await tell('cred_0', clientSecret, 1002)).toMatchObject({ status: 404 });
  expect((await server.anonymous.call('GET', `/hooks/credentials/${credential}`)).status).toBe(400);
  expect(await runsOf(flow)).toHaveLength(1);
  const hook = async () => (await server.owner.call('GET', `/api/credentials/${credential}/hook`)).body;
  expect(await hook()).toMatchObject({
    url: `${publicUrl}/hooks/credentials/${credential}`,
    key: 'own',
    receivedAt: expect.any(String),
    refusal: expect.stringContaining('x-shopify-hmac-sha256'),
    topics: [{ topic: 'orders/create', isSubscribed: true, receivedAt: expect.any(String), problem: null }],
  });
  // The app's secret is changed: Shopify goes on with the old one for an hour. An entered key counts beside it.
  await server.owner.call('PUT', `/api/credentials/${credential}`, {
    name: 'Kelp & Sons',
    kind: 'shopify',
    baseUrl: shop.url,
    settings,
    secret: { clientSecret: 'another-secret' },
  });
  expect((await server.owner.call('PUT', `/api/credentials/${credential}/hook`, { key: 'entered-key' })).status).toBe(200);
  for (const [index, key] of [clientSecret, 'another-secret', 'entered-key'].entries())
    expect(await tell(credential, key, 1010 + index)).toMatchObject({ status: 200 });
  expect(await runsOf(flow)).toHaveLength(4);
  expect(await hook()).toMatchObject({ key: 'entered' });
  await server.owner.call('POST', `/api/flows/${flow}/pause`, { paused: true });
  expect(await tell(credential, 'entered-key', 1020)).toMatchObject({ status: 200 });
  expect(await runsOf(flow)).toHaveLength(4);
});

test('the sheets of a spreadsheet and their columns can be chosen from', async () => {
  sheets.sheet('1aBcDeFgHiJk', 'Orders').push(['Order', '', 'Status']);
  sheets.sheet('1aBcDeFgHiJk', 'Customers').push(['Name']);
  sheets.oauth.accessTokens.add('good');
  const { id } = (
    await server.owner.call('POST', '/api/credentials', { name: 'Sheets', kind: 'bearer', baseUrl: sheets.url, secret: { token: 'good' } })
  ).body;
  const read = (query: string) => server.owner.call('GET', `/api/credentials/${id}/spreadsheet?spreadsheet=${query}`);
  expect((await read('1aBcDeFgHiJk')).status).toBe(404);
  const tokens = { access: 'good', refresh: null, obtainedAt: Date.now(), renewAt: null, expiresAt: null };
  const sealed = server.composed.deps.secrets.seal(JSON.stringify(tokens));
  await server.pool.query(`update credentials set kind = 'google', tokens = $2, tokens_key_id = $3 where id = $1`, [
    id,
    sealed.secret,
    sealed.keyId,
  ]);
  expect(await read('https%3A%2F%2Fdocs.google.com%2Fspreadsheets%2Fd%2F1aBcDeFgHiJk%2Fedit')).toMatchObject({
    status: 200,
    body: { sheets: ['Orders', 'Customers'], columns: ['Order', 'Status'] },
  });
  expect((await read('1aBcDeFgHiJk&sheet=Customers')).body.columns).toEqual(['Name']);
  expect((await read('My%20orders')).status).toBe(400);
});
