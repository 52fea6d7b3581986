import type { ShopCustomer, ShopOrder, Variant } from './shop.ts';

const numberOf = (gid: string): number | string => {
  const text = gid.split('/').at(-1) ?? '';
  return /^\d+$/.test(text) ? Number(text) : text;
};

/** What webhooks carry, in the words of the older API. */
export const orderBody = (order: ShopOrder): object => ({
  id: numberOf(order.id),
  admin_graphql_api_id: order.id,
  name: order.name,
  email: order.email,
  phone: null,
  note: order.note,
  created_at: order.createdAt,
  updated_at: order.updatedAt,
  cancelled_at: order.cancelledAt,
  financial_status: order.paidAt === null ? 'pending' : 'paid',
  total_price: totalOf(order),
  currency: 'USD',
  customer: { first_name: 'Amina', last_name: 'Odhiambo' },
  line_items: order.lines.map(({ variant, quantity }) => ({
    title: variant.displayName,
    sku: variant.sku,
    quantity,
    price: variant.price,
  })),
  shipping_address: {
    name: 'Amina Odhiambo',
    address1: '12 Kimathi Street',
    city: 'Nairobi',
    zip: '00100',
    country_code: 'KE',
    phone: null,
  },
});

export const totalOf = (order: ShopOrder): string =>
  order.lines.reduce((sum, { variant, quantity }) => sum + Number(variant.price) * quantity, 0).toFixed(2);

export const stockBody = (variant: Variant, place: string): object => ({
  inventory_item_id: numberOf(variant.itemId),
  location_id: place.replaceAll(' ', '-'),
  available: variant.available.get(place) ?? 0,
  updated_at: variant.updatedAt,
  admin_graphql_api_id: `gid://shopify/InventoryLevel/1?inventory_item_id=${numberOf(variant.itemId)}`,
});

export const customerBody = (customer: ShopCustomer): object => ({
  id: numberOf(customer.id),
  admin_graphql_api_id: customer.id,
  first_name: customer.firstName,
  last_name: customer.lastName,
  email: customer.email,
  phone: customer.phone,
  note: customer.note,
  created_at: customer.createdAt,
  updated_at: customer.updatedAt,
});
