import { createHmac, randomUUID } from 'node:crypto';
import type { JsonObject } from '@holdfast/node-kit';
import { startShopifyFake, type ShopifyFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { triggerWorld, type TriggerWorld } from '../test/trigger-world.ts';

const domain = 'kelp.myshopify.com';
let world: TriggerWorld;
let shop: ShopifyFake;
let credential: string;
beforeAll(async () => {
  world = await triggerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  shop = await startShopifyFake();
  credential = await addShop({ clientSecret: shop.shop.webhooks.manner.secret });
  return async () => {
    world.isDown = false;
    await world.pool.query('update flows set archived_at = now()');
    await world.pool.query('delete from credentials');
    await world.pool.query('delete from alerts');
    await shop.close();
  };
});

const addShop = (secret: JsonObject): Promise<string> =>
  world.addCredential('shopify', {
    settings: { shop: domain, access: 'app', clientId: 'app' },
    secret,
    open: { apiUrl: `${shop.url}/`, baseUrl: shop.url, provider: `shopify:${shop.url}`, secret: { accessToken: shop.accessToken } },
  });
const listen = async (...topics: string[]): Promise<string> => {
  const flow = await world.publish('shopify-trigger', { credential, topics });
  await world.look();
  return flow;
};
const numbers = async (flow: string): Promise<string[]> => (await world.inputs(flow)).map(({ order }) => order.number);

describe('what a shop tells', () => {
  test('starts one run for each event, however often it is told, and is subscribed to as soon as a flow wants it', async () => {
    const flow = await listen('orders/create', 'orders/paid');
    expect(shop.shop.webhooks.subscriptions.map(({ topic, uri }) => [topic, uri])).toEqual([
      ['ORDERS_CREATE', `${world.url}/hooks/credentials/${credential}`],
      ['ORDERS_PAID', `${world.url}/hooks/credentials/${credential}`],
    ]);
    shop.shop.webhooks.manner.copies = 3;
    const variant = shop.addVariant('MILK-1', { price: '20.00' });
    const order = shop.placeOrder({ email: 'amina@example.com', lines: [{ variant, quantity: 2 }] });
    await shop.shop.webhooks.settled();
    shop.changeOrder(order, { isPaid: true });
    await shop.shop.webhooks.settled();
    expect(shop.shop.webhooks.counts).toEqual({ delivered: 6, failed: 0, deleted: 0 });
    expect(await world.inputs(flow)).toMatchObject([
      { topic: 'orders/create', shop: domain, isCaughtUp: false, order: { number: '#1001', payment: 'pending', total: '40.00' } },
      { topic: 'orders/paid', order: { number: '#1001', payment: 'paid', items: [{ sku: 'MILK-1', quantity: 2, price: '20.00' }] } },
    ]);
    await world.look();
    expect(await numbers(flow)).toHaveLength(2);
    expect(shop.shop.webhooks.made).toBe(2);
  });

  test('is refused when it is not signed by the shop, or is another shop’s; the secret before is good until its hour is over', async () => {
    const { manner, settled, counts } = shop.shop.webhooks;
    credential = await addShop({
      clientSecret: 'new',
      previousSecret: 'old',
      previousUntil: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const flow = await listen('orders/create');
    for (const secret of ['old', 'new']) {
      manner.secret = secret;
      shop.placeOrder();
      await settled();
    }
    expect(await numbers(flow)).toEqual(['#1001', '#1002']);
    manner.secret = 'other';
    shop.placeOrder();
    await settled();
    expect(counts).toMatchObject({ delivered: 2, failed: 8, deleted: 1 });
    await world.pool.query(`update credentials set secret = $1`, [
      Buffer.from(JSON.stringify({ clientSecret: 'new', previousSecret: 'old', previousUntil: new Date(Date.now() - 1).toISOString() })),
    ]);
    manner.secret = 'old';
    await world.look();
    shop.placeOrder();
    await settled();
    expect(counts).toMatchObject({ delivered: 2, deleted: 2 });
    manner.secret = 'new';
    await world.pool.query(`update credentials set settings = settings || '{"shop":"other.myshopify.com"}'`);
    await world.look();
    shop.placeOrder();
    await settled();
    expect(counts).toMatchObject({ delivered: 2, deleted: 3 });
  });

  test('and is captured on its way starts nothing more, whatever its headers say then: only the body is signed', async () => {
    const flow = await listen('orders/create', 'orders/paid', 'orders/cancelled', 'orders/updated', 'products/create', 'customers/create');
    const at = (ago: number): string => new Date(Date.now() - ago).toISOString();
    const bodyOf = (id: number, more: object): string =>
      JSON.stringify({ id, admin_graphql_api_id: `gid://shopify/Order/${id}`, name: `#${id}`, financial_status: 'pending', ...more });
    const tell = async (topic: string, body: string): Promise<number> => {
      const signature = createHmac('sha256', shop.shop.webhooks.manner.secret).update(body).digest('base64');
      const proof = { 'x-shopify-hmac-sha256': signature, 'x-shopify-shop-domain': domain, 'x-shopify-topic': topic };
      const ids = { 'x-shopify-webhook-id': randomUUID(), 'x-shopify-event-id': randomUUID() };
      const told = await fetch(`${world.url}/hooks/credentials/${credential}`, { method: 'POST', body, headers: { ...proof, ...ids } });
      return told.status;
    };
    const created = bodyOf(7, { created_at: at(2_000), updated_at: at(2_000) });
    const changed = bodyOf(7, { created_at: at(2_000), updated_at: at(0), note: 'please ring' });
    const old = bodyOf(3, { created_at: at(8 * 86_400_000), updated_at: at(0) });
    for (const topic of ['orders/create', 'orders/create', 'orders/paid', 'orders/cancelled', 'products/create', 'customers/create'])
      expect((await tell(topic, created)) === 200, topic).toBe(topic === 'orders/create');
    for (const topic of ['orders/updated', 'orders/updated', 'orders/create']) expect(await tell(topic, changed), topic).toBe(200);
    expect(await tell('orders/create', old)).not.toBe(200);
    expect((await world.inputs(flow)).map(({ topic }) => topic)).toEqual(['orders/create', 'orders/updated']);
  });

  test('that comes late says nothing new, unless the flow wants every change', async () => {
    const every = await world.publish('shopify-trigger', { credential, topics: ['orders/updated'], late: 'start' });
    const flow = await listen('orders/updated');
    const { webhooks } = shop.shop;
    const order = shop.placeOrder();
    webhooks.manner.isHeld = true;
    for (const [index, note] of ['first', 'second', 'third'].entries()) {
      shop.shop.now = () => new Date(Date.now() + index * 1_000);
      shop.changeOrder(order, { note });
    }
    await webhooks.release(([first, second, third]) => [second, third, first].flatMap((each) => each ?? []));
    const notes = async (of: string) => (await world.inputs(of)).map((input) => input.order.note);
    expect(await notes(flow)).toEqual(['second', 'third']);
    expect(await notes(every)).toEqual(['second', 'third', 'first']);
  });

  test('is asked for topic by topic: one that the shop refuses is told once, read instead, and keeps no other from working', async () => {
    const { webhooks } = shop.shop;
    webhooks.refused.add('ORDERS_CREATE');
    const flow = await listen('orders/create', 'customers/create');
    expect(webhooks.subscriptions.map(({ topic }) => topic)).toEqual(['CUSTOMERS_CREATE']);
    shop.placeOrder();
    await world.look();
    expect(await world.alerts()).toEqual([`${domain} does not tell us of orders/create`]);
    expect(await numbers(flow)).toEqual(['#1001']);
    webhooks.refused.clear();
    await world.look();
    expect(webhooks.subscriptions).toHaveLength(2);
  });

  test('is not started while the flow is paused, nor afterwards; the subscription goes and comes back', async () => {
    const flow = await listen('orders/create');
    await world.setPaused(flow, true);
    shop.placeOrder();
    await shop.shop.webhooks.settled();
    await world.look();
    expect(shop.shop.webhooks.subscriptions).toEqual([]);
    await world.setPaused(flow, false);
    await world.look();
    expect(shop.shop.webhooks.subscriptions).toHaveLength(1);
    shop.placeOrder();
    await shop.shop.webhooks.settled();
    await world.look();
    expect(await numbers(flow)).toEqual(['#1002']);
  });
});

describe('what was missed', () => {
  test('is read and started once after Shopify gave the subscription up; it is made anew, and people are told once', async () => {
    const flow = await listen('orders/create', 'orders/paid');
    world.isDown = true;
    const order = shop.placeOrder();
    await shop.shop.webhooks.settled();
    shop.changeOrder(order, { isPaid: true });
    await shop.shop.webhooks.settled();
    expect(shop.shop.webhooks.counts).toMatchObject({ delivered: 0, deleted: 2 });
    world.isDown = false;
    await world.look();
    await world.look();
    expect(shop.shop.webhooks.subscriptions).toHaveLength(2);
    expect((await world.inputs(flow)).map(({ topic, isCaughtUp }) => [topic, isCaughtUp])).toEqual([
      ['orders/create', true],
      ['orders/paid', true],
    ]);
    expect(await world.alerts()).toEqual([`${domain} had stopped telling us what happens`]);
  });

  test('and is told after it was read starts nothing more, nor the other way round', async () => {
    const flow = await listen('orders/create', 'orders/updated', 'inventory_levels/update', 'customers/create', 'products/update');
    const { webhooks } = shop.shop;
    webhooks.manner.isHeld = true;
    const milk = shop.addVariant('MILK-1');
    shop.setStock(milk, 7);
    const order = shop.placeOrder({ lines: [{ variant: milk, quantity: 1 }] });
    shop.changeOrder(order, { note: 'please ring' });
    await world.look();
    await webhooks.release();
    await world.look();
    const told = await world.inputs(flow);
    const topics: string[] = told.map(({ topic }) => String(topic));
    expect(topics.toSorted()).toEqual(['inventory_levels/update', 'orders/create', 'orders/updated', 'products/update']);
    expect(told.find(({ stock }) => stock !== null)).toMatchObject({ stock: { available: 7 } });
    expect(told.find(({ topic }) => topic === 'orders/updated')).toMatchObject({
      order: { note: 'please ring', customer: 'Amina Odhiambo' },
    });
  });

  test('is read page by page, and goes on where the shop’s points were used up', async () => {
    const flow = await listen('orders/create');
    shop.shop.webhooks.subscriptions.splice(0);
    for (let count = 0; count < 25; count += 1) shop.placeOrder();
    Object.assign(shop.bucket, { left: 40, restoreRate: 1_000_000 });
    await world.look();
    shop.wait(1);
    for (let looks = 0; looks < 3; looks += 1) {
      await world.pool.query('update providers set held_until = null');
      await world.look();
    }
    expect(new Set(await numbers(flow)).size).toBe(25);
    expect(await numbers(flow)).toHaveLength(25);
    expect(shop.counts.throttled).toBeGreaterThan(0);
  });
});
