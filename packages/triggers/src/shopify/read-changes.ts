import type { ShopClient } from '@holdfast/nodes/shopify/shop-client';
import { z } from 'zod';
import { thingFrom, type ShopKind, type ShopThing } from './shop-things.ts';

/** What was read, and up to when everything of its kind is read. */
export interface ChangesPage {
  things: { thing: ShopThing; paidAt: string | null }[];
  until: Date;
}

interface Wanted {
  since: Date;
  until: Date;
}

const info = 'pageInfo { hasNextPage endCursor }';
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const node = z.looseObject({ updated_at: z.string().nullish() });
const connection = z.object({ nodes: z.array(node), pageInfo });

/** Under the names of webhooks, so that both are read by the same reader. A page is small: Shopify counts the cost of what it might bring. */
const queries = {
  order: `orders(first: 10, after: $after, query: $query, sortKey: UPDATED_AT) { nodes {
      id: legacyResourceId name email phone note created_at: createdAt updated_at: updatedAt cancelled_at: cancelledAt
      financial_status: displayFinancialStatus totalPriceSet { shopMoney { amount currencyCode } }
      customer { first_name: firstName last_name: lastName }
      shipping_address: shippingAddress { name address1 address2 city zip country_code: countryCodeV2 phone }
      lineItems(first: 50) { nodes { title sku quantity originalUnitPriceSet { shopMoney { amount } } } }
      transactions(first: 20) { kind status processedAt } } ${info} }`,
  product: `products(first: 25, after: $after, query: $query, sortKey: UPDATED_AT) { nodes {
      id: legacyResourceId title status vendor product_type: productType created_at: createdAt updated_at: updatedAt
      variantsOf: variants(first: 20) { nodes { title sku price } } } ${info} }`,
  customer: `customers(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) { nodes {
      id: legacyResourceId first_name: firstName last_name: lastName note created_at: createdAt updated_at: updatedAt
      defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } } ${info} }`,
} as const;

/** What changed in the shop from `since` to `until`, oldest first, page by page with a cursor. */
export async function* readChanges(shop: ShopClient, kind: ShopKind, wanted: Wanted): AsyncGenerator<ChangesPage> {
  if (kind === 'stock') return yield* readStock(shop, wanted);
  let after: string | null = null;
  for (;;) {
    const found: z.infer<typeof connection> = await ask(shop, queries[kind], { query: between(wanted), after });
    const last = found.nodes.at(-1)?.updated_at;
    const isLast = !found.pageInfo.hasNextPage || found.pageInfo.endCursor === null;
    // A page may end amid what changed in the same second.
    const until = isLast ? wanted.until : new Date(Math.min(wanted.until.getTime(), Date.parse(last ?? '') || wanted.since.getTime()));
    yield { things: found.nodes.map((each) => readers[kind](each)), until };
    if (isLast) return;
    after = found.pageInfo.endCursor;
  }
}

const between = ({ since, until }: Wanted): string => `updated_at:>='${seconds(since)}' AND updated_at:<='${seconds(until)}'`;
const seconds = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');

async function ask(
  shop: ShopClient,
  query: string,
  variables: { query: string; after: string | null },
): Promise<z.infer<typeof connection>> {
  const { found } = await shop({
    query: `query Changes($query: String!, $after: String) { found: ${query} }`,
    variables,
    shape: z.object({ found: connection }),
    isRepeatable: true,
  });
  return found;
}

const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string().optional() }) });
const readOrder = z.looseObject({
  totalPriceSet: money,
  lineItems: z.object({ nodes: z.array(z.looseObject({ originalUnitPriceSet: money })) }),
  transactions: z.array(z.object({ kind: z.string(), status: z.string(), processedAt: z.string().nullable() })),
});
const readProduct = z.looseObject({ variantsOf: z.object({ nodes: z.array(z.unknown()) }) });
const readCustomer = z.looseObject({
  defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
});

const readers: Readonly<Record<Exclude<ShopKind, 'stock'>, (given: unknown) => ChangesPage['things'][number]>> = {
  order: (given) => {
    const { totalPriceSet, lineItems, transactions, ...order } = readOrder.parse(given);
    const payments = transactions.filter(({ kind, status }) => status === 'SUCCESS' && (kind === 'SALE' || kind === 'CAPTURE'));
    const isPaid = String(order['financial_status']).toUpperCase() === 'PAID';
    const thing = thingFrom('order', {
      ...order,
      total_price: totalPriceSet.shopMoney.amount,
      currency: totalPriceSet.shopMoney.currencyCode,
      line_items: lineItems.nodes.map(({ originalUnitPriceSet, ...item }) => ({ ...item, price: originalUnitPriceSet.shopMoney.amount })),
    });
    return { thing, paidAt: isPaid ? lastOf(payments.flatMap(({ processedAt }) => processedAt ?? [])) : null };
  },
  product: (given) => {
    const { variantsOf, ...product } = readProduct.parse(given);
    return { thing: thingFrom('product', { ...product, variants: variantsOf.nodes }), paidAt: null };
  },
  customer: (given) => {
    const { defaultEmailAddress, defaultPhoneNumber, ...customer } = readCustomer.parse(given);
    const [email, phone] = [defaultEmailAddress?.emailAddress, defaultPhoneNumber?.phoneNumber];
    return { thing: thingFrom('customer', { ...customer, email, phone }), paidAt: null };
  },
};

const lastOf = (times: readonly string[]): string | null =>
  times.reduce<string | null>((last, at) => (last === null || Date.parse(at) > Date.parse(last) ? at : last), null);

const level = z.object({
  updatedAt: z.string(),
  quantities: z.array(z.object({ quantity: z.number() })),
  item: z.object({ legacyResourceId: z.string() }),
});
const locations = z.object({ nodes: z.array(z.object({ id: z.string(), legacyResourceId: z.string() })), pageInfo });
const levels = z.object({ nodes: z.array(level), pageInfo });
type Levels = z.infer<typeof levels>;

/** Stock is read place by place, so that only the last page says until when. */
async function* readStock(shop: ShopClient, wanted: Wanted): AsyncGenerator<ChangesPage> {
  for (const place of await listPlaces(shop)) {
    let after: string | null = null;
    for (;;) {
      const { nodes, pageInfo: more }: Levels = await levelsAt(shop, { id: place.id, query: between(wanted), after });
      yield { things: nodes.map((each) => ({ thing: stockAt(place.legacyResourceId, each), paidAt: null })), until: wanted.since };
      after = more.endCursor;
      if (!more.hasNextPage || after === null) break;
    }
  }
  yield { things: [], until: wanted.until };
}

/** A place that was closed meanwhile has none. */
async function levelsAt(shop: ShopClient, variables: { id: string; query: string; after: string | null }): Promise<Levels> {
  const { location } = await shop({
    query: `query Levels($id: ID!, $query: String!, $after: String) { location(id: $id) { inventoryLevels(first: 50, after: $after, query: $query) {
      nodes { updatedAt quantities(names: ["available"]) { quantity } item { legacyResourceId } } ${info} } } }`,
    variables,
    shape: z.object({ location: z.object({ inventoryLevels: levels }).nullable() }),
    isRepeatable: true,
  });
  return location?.inventoryLevels ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
}

const stockAt = (location: string, { item, quantities, updatedAt }: z.infer<typeof level>): ShopThing =>
  thingFrom('stock', {
    inventory_item_id: item.legacyResourceId,
    location_id: location,
    available: quantities[0]?.quantity ?? null,
    updated_at: updatedAt,
  });

async function listPlaces(shop: ShopClient): Promise<z.infer<typeof locations>['nodes']> {
  const found: z.infer<typeof locations>['nodes'] = [];
  let after: string | null = null;
  for (;;) {
    const { locations: page }: { locations: z.infer<typeof locations> } = await shop({
      query: `query Places($after: String) { locations(first: 50, after: $after) { nodes { id legacyResourceId } ${info} } }`,
      variables: { after },
      shape: z.object({ locations }),
      isRepeatable: true,
    });
    found.push(...page.nodes);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage || after === null) return found;
  }
}
