import type { Sample } from '@holdfast/node-kit';

const order = {
  id: 'gid://shopify/Order/5551',
  number: '#1001',
  createdAt: '2026-11-23T10:00:00Z',
  updatedAt: '2026-11-23T10:00:00Z',
  cancelledAt: null,
  email: 'amina@example.com',
  phone: '+254700000001',
  customer: 'Amina Odhiambo',
  note: null,
  payment: 'paid',
  total: '40.00',
  currency: 'USD',
  items: [{ title: 'Milk', sku: 'MILK-1', quantity: 2, price: '20.00' }],
  address: { name: 'Amina Odhiambo', line1: '12 Kimathi Street', line2: null, city: 'Nairobi', zip: '00100', country: 'KE', phone: null },
};
const nothing = { order: null, product: null, stock: null, customer: null };

export const samples: readonly Sample[] = [
  {
    name: 'starts with a new order',
    config: { credential: 'cred_shop', topics: ['orders/create'] },
    input: {
      trigger: {
        topic: 'orders/create',
        shop: 'acme.myshopify.com',
        happenedAt: '2026-11-23T10:00:00.000Z',
        isCaughtUp: false,
        ...nothing,
        order,
      },
    },
    expect: { port: 'happened' },
  },
  {
    name: 'starts when the stock changed, also when the message of it was missed',
    config: { credential: 'cred_shop', topics: ['inventory_levels/update'] },
    input: {
      trigger: {
        topic: 'inventory_levels/update',
        shop: 'acme.myshopify.com',
        happenedAt: '2026-11-23T10:00:00.000Z',
        isCaughtUp: true,
        ...nothing,
        stock: { itemId: 'gid://shopify/InventoryItem/7', locationId: 'gid://shopify/Location/1', available: 3 },
      },
    },
    expect: { port: 'happened' },
  },
];
