import type { GraphQLResolveInfo } from 'graphql';
import { customerBody, orderBody, stockBody } from './bodies.ts';
import { matcher, pageOf, sorted, type PageGiven } from './search.ts';
import { customerOf, itemOf, locationId, orderOf, productOf, variantOf } from './views.ts';
import { createShopWebhooks, type ShopWebhooks } from './webhooks.ts';

export interface Variant {
  id: string;
  sku: string;
  displayName: string;
  price: string;
  itemId: string;
  /** By location. */
  available: Map<string, number>;
  updatedAt: string;
}
export interface ShopOrder {
  id: string;
  name: string;
  email: string | null;
  note: string | null;
  sourceIdentifier: string | null;
  createdAt: string;
  updatedAt: string;
  paidAt: string | null;
  cancelledAt: string | null;
  lines: { variant: Variant; quantity: number }[];
  tracking: { number: string; url: string; company: string }[];
}
export interface ShopCustomer {
  id: string;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  note: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Shop {
  variants: Variant[];
  orders: ShopOrder[];
  customers: ShopCustomer[];
  /** What was done under a key, so that it isn't done again. */
  done: Map<string, { payload: string; result: object }>;
  webhooks: ShopWebhooks;
  now: () => Date;
}

export const createShop = (now: () => Date = () => new Date()): Shop => ({
  variants: [],
  orders: [],
  customers: [],
  done: new Map(),
  webhooks: createShopWebhooks('kelp.myshopify.com'),
  now,
});
/** To the second, as Shopify tells it. */
export const timeOf = ({ now }: Shop): string =>
  now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');

interface Moved {
  inventoryItemId: string;
  locationId: string;
  quantity?: number;
  delta?: number;
  changeFromQuantity?: number | null;
}

/** Inventory is changed once per key; without one it is refused, as since 2026-04. */
function move(shop: Shop, moves: readonly Moved[], info: GraphQLResolveInfo): object {
  const key = keyOf(info);
  if (key === null) throw new Error('The @idempotent directive is required for this mutation but was not provided.');
  const payload = JSON.stringify(moves);
  const before = shop.done.get(key);
  if (before && before.payload !== payload)
    return { userErrors: [{ field: null, message: 'The idempotency key was used with other parameters.' }] };
  if (before) return before.result;
  for (const { inventoryItemId, locationId: place, quantity, delta, changeFromQuantity } of moves) {
    if (changeFromQuantity === undefined) throw new Error('changeFromQuantity must be given, even if it is null.');
    const variant = shop.variants.find(({ itemId }) => itemId === inventoryItemId);
    const name = [...(variant?.available.keys() ?? [])].find((each) => locationId(each) === place);
    if (!variant || name === undefined)
      return { userErrors: [{ field: ['input'], message: 'The specified inventory item is not stocked at the location.' }] };
    const now = variant.available.get(name) ?? 0;
    if (changeFromQuantity !== null && changeFromQuantity !== now)
      return { userErrors: [{ field: ['input'], message: 'The quantity has changed.' }] };
    stockOf(shop, variant, name, quantity ?? now + (delta ?? 0));
  }
  const result = { userErrors: [] };
  shop.done.set(key, { payload, result });
  return result;
}

/** Told at once. */
export function stockOf(shop: Shop, variant: Variant, place: string, available: number): void {
  variant.available.set(place, available);
  variant.updatedAt = timeOf(shop);
  shop.webhooks.tell('inventory_levels/update', stockBody(variant, place));
}

function keyOf(info: GraphQLResolveInfo): string | null {
  const directive = info.fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent');
  const value = directive?.arguments?.[0]?.value;
  if (value?.kind === 'StringValue') return value.value;
  return value?.kind === 'Variable' ? String(info.variableValues[value.name.value]) : null;
}

/** A customer's order, told at once. */
export function placeOrder(shop: Shop, given: Partial<Pick<ShopOrder, 'email' | 'note' | 'sourceIdentifier' | 'lines'>> = {}): ShopOrder {
  const number = 1001 + shop.orders.length;
  const at = timeOf(shop);
  const made: ShopOrder = {
    id: `gid://shopify/Order/${number}`,
    name: `#${number}`,
    email: null,
    note: null,
    sourceIdentifier: null,
    createdAt: at,
    updatedAt: at,
    paidAt: null,
    cancelledAt: null,
    lines: [],
    tracking: [],
    ...given,
  };
  shop.orders.push(made);
  shop.webhooks.tell('orders/create', orderBody(made));
  return made;
}

/** What happens to an order, told at once; every change is told as one, too. */
export function changeOrder(shop: Shop, order: ShopOrder, change: { note?: string; isPaid?: boolean; isCancelled?: boolean }): void {
  order.updatedAt = timeOf(shop);
  if (change.note !== undefined) order.note = change.note;
  if (change.isPaid) order.paidAt = order.updatedAt;
  if (change.isCancelled) order.cancelledAt = order.updatedAt;
  if (change.isPaid) shop.webhooks.tell('orders/paid', orderBody(order));
  if (change.isCancelled) shop.webhooks.tell('orders/cancelled', orderBody(order));
  shop.webhooks.tell('orders/updated', orderBody(order));
}

interface OrderGiven {
  order: { email?: string; note?: string; sourceIdentifier?: string; lineItems?: { variantId: string; quantity: number }[] };
}

function createOrder(shop: Shop, { order }: OrderGiven): object {
  const lines = (order.lineItems ?? []).flatMap(({ variantId, quantity }) => {
    const variant = shop.variants.find(({ id }) => id === variantId);
    return variant ? [{ variant, quantity }] : [];
  });
  if (lines.length === 0) return { order: null, userErrors: [{ field: ['order', 'lineItems'], message: 'Line items is invalid' }] };
  const { email = null, note = null, sourceIdentifier = null } = order;
  const made = placeOrder(shop, { email, note, sourceIdentifier, lines });
  for (const { variant, quantity } of lines) {
    const [name, now] = [...variant.available][0] ?? ['Main', 0];
    stockOf(shop, variant, name, now - quantity);
  }
  return { order: orderOf(made), userErrors: [] };
}

interface CustomerGiven {
  input: Partial<Omit<ShopCustomer, 'id' | 'createdAt' | 'updatedAt'>>;
  identifier?: { email?: string; phone?: string };
}

function setCustomer(shop: Shop, { input, identifier = {} }: CustomerGiven): object {
  const known = shop.customers.find(
    ({ email, phone }) =>
      (identifier.email !== undefined && identifier.email === email) || (identifier.phone !== undefined && identifier.phone === phone),
  );
  if (known) {
    Object.assign(known, input, { updatedAt: timeOf(shop) });
    shop.webhooks.tell('customers/update', customerBody(known));
    return { customer: customerOf(known), userErrors: [] };
  }
  const made: ShopCustomer = {
    id: `gid://shopify/Customer/${shop.customers.length + 1}`,
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    note: null,
    createdAt: timeOf(shop),
    updatedAt: timeOf(shop),
    ...input,
  };
  shop.customers.push(made);
  shop.webhooks.tell('customers/create', customerBody(made));
  return { customer: customerOf(made), userErrors: [] };
}

interface SubscriptionGiven {
  topic: string;
  webhookSubscription: { uri?: string };
}

function createSubscription(shop: Shop, { topic, webhookSubscription: { uri = '' } }: SubscriptionGiven): object {
  const { subscriptions } = shop.webhooks;
  if (shop.webhooks.refused.has(topic))
    return {
      webhookSubscription: null,
      userErrors: [{ field: ['topic'], message: 'You do not have permission to create or update webhooks with this topic.' }],
    };
  const isThere = subscriptions.some((each) => each.topic === topic && each.uri === uri);
  if (isThere || !URL.canParse(uri))
    return {
      webhookSubscription: null,
      userErrors: [
        {
          field: ['webhookSubscription', 'uri'],
          message: isThere ? 'Address for this topic has already been taken' : 'Address is invalid',
        },
      ],
    };
  shop.webhooks.made += 1;
  const made = { id: `gid://shopify/WebhookSubscription/${shop.webhooks.made}`, topic, uri, failures: 0 };
  subscriptions.push(made);
  return { webhookSubscription: made, userErrors: [] };
}

function deleteSubscription({ webhooks: { subscriptions } }: Shop, id: string): object {
  const at = subscriptions.findIndex((each) => each.id === id);
  if (at < 0) return { userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }] };
  subscriptions.splice(at, 1);
  return { deletedWebhookSubscriptionId: id, userErrors: [] };
}

const placesOf = (shop: Shop) =>
  [...new Set(shop.variants.flatMap(({ available }) => [...available.keys()]))].map((name) => ({
    id: locationId(name),
    legacyResourceId: name.replaceAll(' ', '-'),
    name,
    inventoryLevels: (given: PageGiven) => {
      const fits = matcher(given.query);
      const levels = shop.variants
        .filter(({ available, updatedAt }) => available.has(name) && fits({ updated_at: updatedAt }))
        .map((variant) => ({
          id: variant.itemId,
          updatedAt: variant.updatedAt,
          item: itemOf(variant),
          quantities: [{ name: 'available', quantity: variant.available.get(name) ?? 0 }],
        }));
      return pageOf(levels, given);
    },
  }));

/** The root of both queries and mutations. */
export const rootOf = (shop: Shop) => ({
  shop: { name: 'Kelp & Sons' },
  orders: (given: PageGiven) => {
    const fits = matcher(given.query);
    const found = shop.orders.filter(({ name, email, sourceIdentifier, updatedAt }) =>
      fits({ name, email, source_identifier: sourceIdentifier, updated_at: updatedAt }),
    );
    return pageOf(sorted(found, given).map(orderOf), given);
  },
  products: (given: PageGiven) => {
    const fits = matcher(given.query);
    const found = shop.variants.filter(({ updatedAt }) => fits({ updated_at: updatedAt }));
    return pageOf(sorted(found, given).map(productOf), given);
  },
  productVariants: (given: PageGiven) => {
    const fits = matcher(given.query);
    return pageOf(shop.variants.filter(({ sku }) => fits({ sku })).map(variantOf), given);
  },
  customers: (given: PageGiven) => {
    const fits = matcher(given.query);
    const found = shop.customers.filter(({ email, phone, updatedAt }) => fits({ email, phone, updated_at: updatedAt }));
    return pageOf(sorted(found, given).map(customerOf), given);
  },
  locations: (given: PageGiven) => pageOf(placesOf(shop), given),
  location: ({ id }: { id: string }) => placesOf(shop).find((each) => each.id === id) ?? null,
  webhookSubscriptions: (given: PageGiven) => pageOf(shop.webhooks.subscriptions, given),
  webhookSubscriptionCreate: (given: SubscriptionGiven) => createSubscription(shop, given),
  webhookSubscriptionDelete: ({ id }: { id: string }) => deleteSubscription(shop, id),
  inventorySetQuantities: ({ input }: { input: { quantities: Moved[] } }, _context: unknown, info: GraphQLResolveInfo) =>
    move(shop, input.quantities, info),
  inventoryAdjustQuantities: ({ input }: { input: { changes: Moved[] } }, _context: unknown, info: GraphQLResolveInfo) =>
    move(shop, input.changes, info),
  customerSet: (given: CustomerGiven) => setCustomer(shop, given),
  orderCreate: (given: OrderGiven) => createOrder(shop, given),
});
