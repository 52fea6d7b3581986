import type { GraphQLResolveInfo } from 'graphql';

export interface Variant {
  id: string;
  sku: string;
  displayName: string;
  price: string;
  itemId: string;
  /** By location. */
  available: Map<string, number>;
}
export interface ShopOrder {
  id: string;
  name: string;
  email: string | null;
  note: string | null;
  sourceIdentifier: string | null;
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
}

export interface Shop {
  variants: Variant[];
  orders: ShopOrder[];
  customers: ShopCustomer[];
  /** What was done under a key, so that it isn't done again. */
  done: Map<string, { payload: string; result: object }>;
}

export const createShop = (): Shop => ({ variants: [], orders: [], customers: [], done: new Map() });

/** `sku:"A-1"`: one field and its value, as the search of the real one reads it. */
function matcher(query: unknown): (facts: Record<string, string | null>) => boolean {
  const [, field = '', value = ''] = /^(\w+):"((?:[^"\\]|\\.)*)"$/.exec(typeof query === 'string' ? query : '') ?? [];
  const wanted = value.replaceAll(/\\(.)/g, '$1').toLowerCase();
  // The real one finds beginnings of words too.
  return (facts) => field !== '' && (facts[field] ?? '').toLowerCase().startsWith(wanted);
}

interface Given {
  query?: string;
  first?: number;
}
const page = <T>(items: T[], { first = 10 }: Given) => ({ nodes: items.slice(0, first) });

const variantOf = (variant: Variant) => ({
  ...variant,
  availableForSale: true,
  inventoryQuantity: [...variant.available.values()].reduce((sum, each) => sum + each, 0),
  inventoryItem: {
    id: variant.itemId,
    inventoryLevels: () => ({
      nodes: [...variant.available].map(([name, quantity]) => ({
        location: { id: locationId(name), name },
        quantities: [{ name: 'available', quantity }],
      })),
    }),
  },
});
const locationId = (name: string): string => `gid://shopify/Location/${name.replaceAll(' ', '-')}`;

const orderOf = (order: ShopOrder) => {
  const amount = order.lines.reduce((sum, { variant, quantity }) => sum + Number(variant.price) * quantity, 0).toFixed(2);
  return {
    ...order,
    createdAt: '2026-11-23T10:00:00Z',
    cancelledAt: null,
    displayFinancialStatus: 'PENDING',
    displayFulfillmentStatus: order.tracking.length > 0 ? 'FULFILLED' : 'UNFULFILLED',
    totalPriceSet: { shopMoney: { amount, currencyCode: 'USD' } },
    lineItems: () => ({ nodes: order.lines.map(({ variant, quantity }) => ({ title: variant.displayName, sku: variant.sku, quantity })) }),
    fulfillments: () => (order.tracking.length > 0 ? [{ trackingInfo: order.tracking }] : []),
  };
};

const customerOf = (customer: ShopCustomer) => ({
  ...customer,
  numberOfOrders: '0',
  tags: [],
  defaultEmailAddress: customer.email === null ? null : { emailAddress: customer.email },
  defaultPhoneNumber: customer.phone === null ? null : { phoneNumber: customer.phone },
});

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
    variant.available.set(name, quantity ?? now + (delta ?? 0));
  }
  const result = { userErrors: [] };
  shop.done.set(key, { payload, result });
  return result;
}

function keyOf(info: GraphQLResolveInfo): string | null {
  const directive = info.fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent');
  const value = directive?.arguments?.[0]?.value;
  if (value?.kind === 'StringValue') return value.value;
  return value?.kind === 'Variable' ? String(info.variableValues[value.name.value]) : null;
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
  const number = 1001 + shop.orders.length;
  const made: ShopOrder = { id: `gid://shopify/Order/${number}`, name: `#${number}`, email, note, sourceIdentifier, lines, tracking: [] };
  shop.orders.push(made);
  for (const { variant, quantity } of lines) {
    const [name, now] = [...variant.available][0] ?? ['Main', 0];
    variant.available.set(name, now - quantity);
  }
  return { order: orderOf(made), userErrors: [] };
}

interface CustomerGiven {
  input: Partial<Omit<ShopCustomer, 'id'>>;
  identifier?: { email?: string; phone?: string };
}

function setCustomer(shop: Shop, { input, identifier = {} }: CustomerGiven): object {
  const known = shop.customers.find(
    ({ email, phone }) =>
      (identifier.email !== undefined && identifier.email === email) || (identifier.phone !== undefined && identifier.phone === phone),
  );
  if (known) return { customer: customerOf(Object.assign(known, input)), userErrors: [] };
  const made: ShopCustomer = {
    id: `gid://shopify/Customer/${shop.customers.length + 1}`,
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    note: null,
    ...input,
  };
  shop.customers.push(made);
  return { customer: customerOf(made), userErrors: [] };
}

/** The root of both queries and mutations. */
export const rootOf = (shop: Shop) => ({
  shop: { name: 'Kelp & Sons' },
  orders: (given: Given) => {
    const fits = matcher(given.query);
    return page(
      shop.orders.filter(({ name, email, sourceIdentifier }) => fits({ name, email, source_identifier: sourceIdentifier })).map(orderOf),
      given,
    );
  },
  productVariants: (given: Given) => {
    const fits = matcher(given.query);
    return page(shop.variants.filter(({ sku }) => fits({ sku })).map(variantOf), given);
  },
  customers: (given: Given) => {
    const fits = matcher(given.query);
    return page(shop.customers.filter(({ email, phone }) => fits({ email, phone })).map(customerOf), given);
  },
  inventorySetQuantities: ({ input }: { input: { quantities: Moved[] } }, _context: unknown, info: GraphQLResolveInfo) =>
    move(shop, input.quantities, info),
  inventoryAdjustQuantities: ({ input }: { input: { changes: Moved[] } }, _context: unknown, info: GraphQLResolveInfo) =>
    move(shop, input.changes, info),
  customerSet: (given: CustomerGiven) => setCustomer(shop, given),
  orderCreate: (given: OrderGiven) => createOrder(shop, given),
});
