import { createEgress, type Egress } from '@holdfast/egress';
import type { EgressRequest, JsonObject, Outcome } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { startShopifyFake, type ShopifyFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { shopify } from './node.ts';
import { runShopify } from './run.ts';

let egress: Egress;
let shop: ShopifyFake;
beforeAll(() => {
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
beforeEach(async () => {
  shop = await startShopifyFake();
  return () => shop.close();
});

/** One attempt of one step; `before` is told of each call. */
function attempt(id: string, config: JsonObject, before: (request: EgressRequest) => void = () => undefined): Promise<Outcome> {
  const secret = { accessToken: shop.accessToken };
  const resolvedCredential = { kind: 'shopify', baseUrl: shop.url, apiUrl: `${shop.url}/`, allowedHosts: [], secret };
  const request = (call: EgressRequest) => {
    before(call);
    return egress.request({ ...call, resolvedCredential });
  };
  const { context } = effectContext({ idempotencyKey: id, egress: { request } });
  return runShopify.run({ config: shopify.config.parse({ credential: 'cred_1', ...config }), context });
}
/** The answer of the call with these words gets lost after it was carried out. */
const losing = (words: string) => (request: EgressRequest) => {
  if (String(request.body).includes(words)) shop.fail('cut-after');
};
const available = (sku: string) => [...(shop.shop.variants.find((each) => each.sku === sku)?.available.values() ?? [])];

test('a product is found by its exact SKU, also where others begin alike', async () => {
  shop.addVariant('MILK-10');
  shop.addVariant('MILK-1', { price: '1.20', available: { Main: 5, Harbour: 2 } });
  expect(await attempt('s1', { operation: 'find-product', sku: ' milk-1 ' })).toMatchObject({
    port: 'done',
    output: {
      product: {
        sku: 'MILK-1',
        price: '1.20',
        available: 7,
        stock: [
          { location: 'Main', available: 5 },
          { location: 'Harbour', available: 2 },
        ],
      },
    },
  });
  expect(await attempt('s2', { operation: 'find-product', sku: 'MILK' })).toMatchObject({ port: 'missing' });
  expect(await attempt('s3', { operation: 'find-product', sku: 'x" OR sku:"MILK-1' })).toMatchObject({ port: 'missing' });
});

test('what is taken from the stock is taken once, also when the answer got lost', async () => {
  shop.addVariant('MILK-1', { available: { Main: 5, Harbour: 2 } });
  const take = { operation: 'change-stock', sku: 'MILK-1', quantity: '-2', location: 'harbour' };
  await expect(attempt('step_1', take, losing('mutation'))).rejects.toMatchObject({ code: 'upstream.broken' });
  expect(available('MILK-1')).toEqual([5, 0]);
  expect(await attempt('step_1', take)).toMatchObject({ port: 'done', output: { product: { available: 5 } } });
  expect(available('MILK-1')).toEqual([5, 0]);
  expect(await attempt('step_2', { operation: 'set-stock', sku: 'MILK-1', quantity: '9' })).toMatchObject({
    output: { product: { available: 9 } },
  });
});

test('an order that may have been made is a matter for a person, and trying again finds it', async () => {
  shop.addVariant('MILK-1', { price: '1.20' });
  const order = { operation: 'create-order', items: [{ sku: 'MILK-1', quantity: '2' }], email: 'amina@example.com' };
  await expect(attempt('step_1', order, losing('mutation'))).rejects.toMatchObject({ code: 'upstream.ambiguous' });
  expect(await attempt('step_1', order)).toMatchObject({
    output: { wasThere: true, order: { number: '#1001', total: '2.40', currency: 'USD' } },
  });
  expect(shop.shop.orders).toHaveLength(1);
  expect(await attempt('step_2', order)).toMatchObject({ output: { wasThere: false, order: { number: '#1002' } } });
  await expect(attempt('step_3', { ...order, items: [{ sku: 'GONE', quantity: '1' }] })).rejects.toMatchObject({
    code: 'step.config',
    path: 'items',
  });
});

test('orders are found by their number and by the customer’s address', async () => {
  const variant = shop.addVariant('MILK-1');
  const given = { email: 'Amina@example.com', lines: [{ variant, quantity: 1 }] };
  const { id } = shop.placeOrder(given);
  const other = shop.placeOrder(given);
  other.name = '#10010';
  other.tracking.push({ number: 'T1', url: 'https://t.example/1', company: 'Post' });
  for (const order of ['1001', '#1001', ' 1001 '])
    expect(await attempt('s', { order })).toMatchObject({ output: { count: 1, order: { id, delivery: 'UNFULFILLED' } } });
  expect(await attempt('s', { order: 'amina@example.com' })).toMatchObject({ output: { count: 2 } });
  expect(await attempt('s', { order: '7' })).toMatchObject({ port: 'missing' });
});

test('a customer is saved under an address or a number, and twice is once', async () => {
  const save = (more: JsonObject) => attempt('s', { operation: 'save-customer', customer: '+254 700 000-001', ...more });
  await save({ firstName: 'Amina', note: 'likes milk' });
  expect(await save({ lastName: 'Odhiambo' })).toMatchObject({
    output: { customer: { firstName: 'Amina', lastName: 'Odhiambo', phone: '+254700000001' } },
  });
  expect(shop.shop.customers).toHaveLength(1);
  expect(await attempt('s', { operation: 'find-customer', customer: '+254700000001' })).toMatchObject({
    port: 'done',
    output: { customer: { note: 'likes milk' } },
  });
});

test('an empty bucket is waited for exactly as long as it takes to fill', async () => {
  shop.addVariant('MILK-1');
  Object.assign(shop.bucket, { left: 2, restoreRate: 4 });
  const find = () => attempt('s', { operation: 'find-product', sku: 'MILK-1' });
  await expect(find()).rejects.toMatchObject({ code: 'upstream.limited', retryAfterMs: 2_500 });
  shop.wait(2.5);
  expect(await find()).toMatchObject({ port: 'done' });
});

test('errors of the shop say what to do, and hold no token', async () => {
  shop.fail('internal');
  await expect(attempt('s', { order: '1' })).rejects.toMatchObject({ code: 'upstream.broken' });
  shop.withdraw();
  const refused: unknown = await attempt('s', { order: '1' }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'upstream.unauthorized', hint: expect.stringContaining('Connections') });
  expect(String(refused)).not.toContain('shpat_');
  await expect(attempt('s', { operation: 'set-stock', sku: 'A', quantity: '1.5' })).rejects.toMatchObject({
    code: 'step.config',
    path: 'quantity',
  });
});
