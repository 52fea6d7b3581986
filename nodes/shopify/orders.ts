import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import { findProduct } from './products.ts';
import type { Order } from './shapes.ts';
import { checkUserErrors, searchFor, type ShopClient } from './shop-client.ts';

const fields = `id name email createdAt cancelledAt sourceIdentifier displayFinancialStatus displayFulfillmentStatus
  totalPriceSet { shopMoney { amount currencyCode } }
  lineItems(first: 50) { nodes { title sku quantity } }
  fulfillments(first: 10) { trackingInfo(first: 5) { number url company } }`;

const given = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  createdAt: z.string(),
  cancelledAt: z.string().nullable(),
  sourceIdentifier: z.string().nullable(),
  displayFinancialStatus: z.string().nullable(),
  displayFulfillmentStatus: z.string(),
  totalPriceSet: z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) }),
  lineItems: z.object({ nodes: z.array(z.object({ title: z.string(), sku: z.string().nullable(), quantity: z.number() })) }),
  fulfillments: z.array(
    z.object({
      trackingInfo: z.array(z.object({ number: z.string().nullable(), url: z.string().nullable(), company: z.string().nullable() })),
    }),
  ),
});

const orderFrom = (order: z.infer<typeof given>): Order => ({
  id: order.id,
  number: order.name,
  createdAt: order.createdAt,
  cancelledAt: order.cancelledAt,
  email: order.email,
  payment: order.displayFinancialStatus,
  delivery: order.displayFulfillmentStatus,
  total: order.totalPriceSet.shopMoney.amount,
  currency: order.totalPriceSet.shopMoney.currencyCode,
  items: order.lineItems.nodes,
  tracking: order.fulfillments.flatMap(({ trackingInfo }) => trackingInfo),
});

const numberOf = (name: string): string => name.trim().replace(/^#/, '').toLowerCase();

/** By their number (with or without "#") or the customer's e-mail address, newest first. The search finds beginnings too, so it is looked at again. */
export async function findOrders(shop: ShopClient, wanted: string, limit: number): Promise<Order[]> {
  const isEmail = wanted.includes('@');
  const found = await search(shop, isEmail ? searchFor('email', wanted.trim()) : searchFor('name', `#${numberOf(wanted)}`), limit);
  return found
    .filter(({ name, email }) => (isEmail ? email?.toLowerCase() === wanted.trim().toLowerCase() : numberOf(name) === numberOf(wanted)))
    .map(orderFrom);
}

async function search(shop: ShopClient, query: string, first: number) {
  const { orders } = await shop({
    query: `query Orders($query: String!, $first: Int!) { orders(first: $first, query: $query, reverse: true) { nodes { ${fields} } } }`,
    variables: { query, first },
    shape: z.object({ orders: z.object({ nodes: z.array(given) }) }),
    isRepeatable: true,
  });
  return orders.nodes;
}

export interface NewOrder {
  email: string;
  note: string;
  items: readonly { sku: string; quantity: number }[];
  /** Carried by the order, so that a repeat finds it. */
  key: string;
}

/** Shopify has no key for orders that may come twice: it carries ours, and is looked for first. A lost answer is a matter for a person. */
export async function createOrder(shop: ShopClient, { email, note, items, key }: NewOrder): Promise<{ order: Order; wasThere: boolean }> {
  const [known] = (await search(shop, searchFor('source_identifier', key), 5)).filter(({ sourceIdentifier }) => sourceIdentifier === key);
  if (known) return { order: orderFrom(known), wasThere: true };
  const lineItems = [];
  for (const { sku, quantity } of items) lineItems.push({ variantId: (await wantedProduct(shop, sku)).id, quantity });
  const { orderCreate } = await shop({
    query: `mutation NewOrder($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) {
      orderCreate(order: $order, options: $options) { order { ${fields} } userErrors { field message } } }`,
    variables: {
      order: {
        lineItems,
        sourceIdentifier: key,
        financialStatus: 'PENDING',
        ...(email === '' ? {} : { email }),
        ...(note === '' ? {} : { note }),
      },
      options: { inventoryBehaviour: 'DECREMENT_OBEYING_POLICY' },
    },
    shape: z.object({ orderCreate: z.object({ order: given.nullable(), userErrors: z.array(z.object({ message: z.string() })) }) }),
    isRepeatable: false,
    part: 'order',
  });
  checkUserErrors(orderCreate.userErrors);
  if (!orderCreate.order) throw new HoldfastError('upstream.ambiguous', { detail: 'Shopify said yes, but named no order.' });
  return { order: orderFrom(orderCreate.order), wasThere: false };
}

async function wantedProduct(shop: ShopClient, sku: string) {
  const product = await findProduct(shop, sku);
  if (product) return product;
  throw new HoldfastError('step.config', {
    detail: say`The shop has no product with the SKU "${sku}". No order was made.`,
    hint: 'Look where the SKU comes from.',
    path: 'items',
  });
}
