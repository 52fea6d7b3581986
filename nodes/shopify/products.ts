import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import type { Product } from './shapes.ts';
import { checkUserErrors, searchFor, type ShopClient } from './shop-client.ts';

const level = z.object({
  location: z.object({ id: z.string(), name: z.string() }),
  quantities: z.array(z.object({ name: z.string(), quantity: z.number() })),
});
const given = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  displayName: z.string(),
  price: z.string(),
  inventoryItem: z.object({ id: z.string(), inventoryLevels: z.object({ nodes: z.array(level) }) }),
});

/** A product that is found, with what changing its stock needs. */
export interface Stocked extends Product {
  itemId: string;
  locations: { id: string; name: string }[];
}

/** By its SKU. The search finds beginnings too, so that the exact one is chosen; in any case, as people write them. */
export async function findProduct(shop: ShopClient, sku: string): Promise<Stocked | null> {
  const { productVariants } = await shop({
    query: `query Variants($query: String!) { productVariants(first: 20, query: $query) { nodes {
      id sku displayName price
      inventoryItem { id inventoryLevels(first: 20) { nodes { location { id name } quantities(names: ["available"]) { name quantity } } } } } } }`,
    variables: { query: searchFor('sku', sku.trim()) },
    shape: z.object({ productVariants: z.object({ nodes: z.array(given) }) }),
    isRepeatable: true,
  });
  const found = productVariants.nodes.find((each) => each.sku?.toLowerCase() === sku.trim().toLowerCase());
  if (!found) return null;
  const levels = found.inventoryItem.inventoryLevels.nodes;
  const stock = levels.map(({ location, quantities }) => ({
    location: location.name,
    available: quantities.find(({ name }) => name === 'available')?.quantity ?? 0,
  }));
  return {
    id: found.id,
    sku: found.sku,
    name: found.displayName,
    price: found.price,
    available: stock.reduce((sum, { available }) => sum + available, 0),
    stock,
    itemId: found.inventoryItem.id,
    locations: levels.map(({ location }) => location),
  };
}

const payload = z.object({ userErrors: z.array(z.object({ message: z.string() })) });

export interface StockChange {
  product: Stocked;
  /** Its name; empty: the first one. */
  location: string;
  change: { to: number } | { by: number };
  /** Under the same key Shopify does it once, however often it is asked. */
  key: string;
}

export async function changeStock(shop: ShopClient, { product, location, change, key }: StockChange): Promise<void> {
  const place = locationOf(product, location);
  const where = { inventoryItemId: product.itemId, locationId: place.id, changeFromQuantity: null };
  const common = { name: 'available', reason: 'correction' };
  if ('to' in change) {
    const { inventorySetQuantities: done } = await shop({
      query: `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
        inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { field message } } }`,
      variables: { key, input: { ...common, quantities: [{ ...where, quantity: change.to }] } },
      shape: z.object({ inventorySetQuantities: payload }),
      isRepeatable: true,
    });
    return checkUserErrors(done.userErrors);
  }
  const { inventoryAdjustQuantities: done } = await shop({
    query: `mutation ChangeStock($input: InventoryAdjustQuantitiesInput!, $key: String!) {
      inventoryAdjustQuantities(input: $input) @idempotent(key: $key) { userErrors { field message } } }`,
    variables: { key, input: { ...common, changes: [{ ...where, delta: change.by }] } },
    shape: z.object({ inventoryAdjustQuantities: payload }),
    isRepeatable: true,
  });
  checkUserErrors(done.userErrors);
}

function locationOf({ locations, sku }: Stocked, wanted: string): { id: string; name: string } {
  const name = wanted.trim().toLowerCase();
  const found = name === '' ? locations[0] : locations.find((each) => each.name.toLowerCase() === name);
  if (found) return found;
  throw new HoldfastError('step.config', {
    detail: say`"${sku ?? ''}" is not stocked at ${name === '' ? 'any location' : `"${wanted.trim()}"`}. It is at: ${locations.map((each) => each.name).join(', ') || 'none'}.`,
    hint: 'Write the location’s name as it stands in Shopify.',
    path: 'location',
  });
}
