import type { JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';

/** What a flow gets of the shop, the same whether it was told or read. */
export interface ShopThing {
  /** Shopify's number of it; of stock, of the product and the place. */
  subject: string;
  createdAt: string | null;
  updatedAt: string | null;
  cancelledAt: string | null;
  value: JsonObject;
}
export type ShopKind = 'order' | 'product' | 'stock' | 'customer';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const number = z.union([z.string(), z.number()]).transform(String);
const amount = number.nullish().transform((value) => value ?? null);
const times = { created_at: text, updated_at: text };
const gid = (kind: string, id: string): string => `gid://shopify/${kind}/${id}`;

const orderBody = z.object({
  id: number,
  name: text,
  email: text,
  phone: text,
  note: text,
  ...times,
  cancelled_at: text,
  financial_status: text,
  total_price: amount,
  currency: text,
  customer: z.object({ first_name: text, last_name: text }).nullish(),
  line_items: z.array(z.object({ title: text, sku: text, quantity: z.number().default(0), price: amount })).nullish(),
  shipping_address: z
    .object({ name: text, address1: text, address2: text, city: text, zip: text, country_code: text, phone: text })
    .nullish(),
});

function orderFrom(body: unknown): ShopThing {
  const { id, name, created_at: createdAt, updated_at: updatedAt, cancelled_at: cancelledAt, ...order } = orderBody.parse(body);
  const names = [order.customer?.first_name, order.customer?.last_name].filter(Boolean);
  const value = {
    id: gid('Order', id),
    number: name ?? '',
    createdAt,
    updatedAt,
    cancelledAt,
    email: order.email,
    phone: order.phone,
    customer: names.length === 0 ? null : names.join(' '),
    note: order.note,
    payment: order.financial_status?.toLowerCase() ?? null,
    total: order.total_price,
    currency: order.currency,
    items: order.line_items ?? [],
    address: addressFrom(order.shipping_address),
  };
  return { subject: id, createdAt, updatedAt, cancelledAt, value };
}

function addressFrom(address: z.infer<typeof orderBody>['shipping_address']): JsonObject | null {
  if (!address) return null;
  const { address1: line1, address2: line2, country_code: country, ...same } = address;
  return { ...same, line1, line2, country };
}

const productBody = z.object({
  id: number,
  title: text,
  status: text,
  vendor: text,
  product_type: text,
  ...times,
  variants: z.array(z.object({ title: text, sku: text, price: amount })).nullish(),
});

function productFrom(body: unknown): ShopThing {
  const { id, title, status, vendor, product_type: type, created_at: createdAt, updated_at: updatedAt, variants } = productBody.parse(body);
  const value = {
    id: gid('Product', id),
    title,
    status: status?.toLowerCase() ?? null,
    vendor,
    type,
    createdAt,
    updatedAt,
    variants: variants ?? [],
  };
  return { subject: id, createdAt, updatedAt, cancelledAt: null, value };
}

const stockBody = z.object({ inventory_item_id: number, location_id: number, available: z.number().nullish(), updated_at: text });

function stockFrom(body: unknown): ShopThing {
  const { inventory_item_id: item, location_id: location, available = null, updated_at: updatedAt } = stockBody.parse(body);
  const value = { itemId: gid('InventoryItem', item), locationId: gid('Location', location), available };
  return { subject: `${item}/${location}`, createdAt: null, updatedAt, cancelledAt: null, value };
}

const customerBody = z.object({ id: number, first_name: text, last_name: text, email: text, phone: text, note: text, ...times });

function customerFrom(body: unknown): ShopThing {
  const {
    id,
    first_name: firstName,
    last_name: lastName,
    created_at: createdAt,
    updated_at: updatedAt,
    ...same
  } = customerBody.parse(body);
  const value = { ...same, id: gid('Customer', id), firstName, lastName, createdAt, updatedAt };
  return { subject: id, createdAt, updatedAt, cancelledAt: null, value };
}

const readers: Readonly<Record<ShopKind, (body: unknown) => ShopThing>> = {
  order: orderFrom,
  product: productFrom,
  stock: stockFrom,
  customer: customerFrom,
};

/** Out of a webhook's body, or of what was read under the same names. Throws when it does not say which one it is. */
export const thingFrom = (kind: ShopKind, body: unknown): ShopThing => readers[kind](body);
