import { HoldfastError, say } from '@holdfast/errors';
import { implement, type JsonValue, type Outcome } from '@holdfast/node-kit';
import { findCustomer, saveCustomer } from './customers.ts';
import { shopify, type ShopifyConfig } from './node.ts';
import { createOrder, findOrders } from './orders.ts';
import { changeStock, findProduct, type Stocked } from './products.ts';
import type { Customer, Order, Product } from './shapes.ts';
import { openShop, type ShopClient } from './shop-client.ts';

export const runShopify = implement(shopify, async ({ config, context }) => {
  const shop = openShop(context, config.credential);
  return acts[config.operation](config, shop, context.idempotencyKey.replace(/:$/, ''));
});

interface Facts {
  count: number;
  order: Order | null;
  orders: Order[];
  product: Product | null;
  customer: Customer | null;
  wasThere: boolean;
}
const leave = (port: 'done' | 'missing', facts: Partial<Facts> = {}): Outcome => ({
  port,
  output: { count: port === 'done' ? 1 : 0, order: null, orders: [], product: null, customer: null, wasThere: false, ...facts },
});

type Act = (config: ShopifyConfig, shop: ShopClient, key: string) => Promise<Outcome>;
const acts: Readonly<Record<ShopifyConfig['operation'], Act>> = {
  'find-orders': async (config, shop) => {
    const orders = await findOrders(shop, wanted(config.order, 'order'), config.limit);
    return leave(orders.length > 0 ? 'done' : 'missing', { count: orders.length, order: orders[0] ?? null, orders });
  },
  'create-order': async ({ items, email, note }, shop, key) => {
    const lines = items.map(({ sku, quantity }) => ({ sku, quantity: wholeNumber(quantity, 'items', 1) }));
    const { order, wasThere } = await createOrder(shop, { items: lines, email: email.trim(), note, key: `holdfast-${key}` });
    return leave('done', { order, wasThere });
  },
  'find-product': async (config, shop) => {
    const product = await findProduct(shop, wanted(config.sku, 'sku'));
    return product ? leave('done', { product: shownOf(product) }) : leave('missing');
  },
  'set-stock': (config, shop, key) => moveStock(shop, config, { change: { to: wholeNumber(config.quantity, 'quantity', 0) }, key }),
  'change-stock': (config, shop, key) =>
    moveStock(shop, config, { change: { by: wholeNumber(config.quantity, 'quantity', Number.MIN_SAFE_INTEGER) }, key }),
  'find-customer': async (config, shop) => {
    const customer = await findCustomer(shop, wanted(config.customer, 'customer'));
    return leave(customer ? 'done' : 'missing', { customer });
  },
  'save-customer': async ({ customer, firstName, lastName, note }, shop) =>
    leave('done', { customer: await saveCustomer(shop, wanted(customer, 'customer'), { firstName, lastName, note }) }),
};

async function moveStock(
  shop: ShopClient,
  { sku, location }: ShopifyConfig,
  { change, key }: { change: { to: number } | { by: number }; key: string },
): Promise<Outcome> {
  const product = await findProduct(shop, wanted(sku, 'sku'));
  if (!product) return leave('missing');
  await changeStock(shop, { product, location, change, key });
  const after = await findProduct(shop, sku);
  return leave('done', { product: shownOf(after ?? product) });
}

/** Without what only we need. */
const shownOf = ({ itemId: _item, locations: _locations, ...product }: Stocked): Product => product;

function wanted(text: string, path: string): string {
  if (text.trim() !== '') return text;
  throw new HoldfastError('step.config', {
    detail: 'What to look for is empty. Nothing was sent.',
    hint: 'Look where the value comes from.',
    path,
  });
}

function wholeNumber(value: JsonValue, path: string, least: number): number {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new HoldfastError('step.config', {
    detail: say`"${typeof value === 'object' ? JSON.stringify(value).slice(0, 80) : String(value)}" is not a whole number${least > 0 ? ' above 0' : least === 0 ? ' from 0 on' : ''}. Nothing was sent.`,
    hint: 'Look where the number comes from.',
    path,
  });
}
