import type { JsonValue, Sample } from '@holdfast/node-kit';

const world = (data: JsonValue): NonNullable<Sample['world']> => [
  {
    request: 'POST https://kelp.myshopify.com/admin/api/2026-07/graphql.json',
    status: 200,
    body: {
      data,
      extensions: {
        cost: {
          requestedQueryCost: 12,
          actualQueryCost: 12,
          throttleStatus: { maximumAvailable: 2_000, currentlyAvailable: 1_988, restoreRate: 100 },
        },
      },
    },
  },
];
const nothing = { count: 0, order: null, orders: [], product: null, customer: null, wasThere: false };

const order = {
  id: 'gid://shopify/Order/1',
  number: '#1001',
  createdAt: '2026-11-20T09:00:00Z',
  cancelledAt: null,
  email: 'amina@example.com',
  payment: 'PAID',
  delivery: 'FULFILLED',
  total: '24.00',
  currency: 'KES',
  items: [{ title: 'Milk', sku: 'MILK-1', quantity: 2 }],
  tracking: [{ number: 'T1', url: 'https://track.example/T1', company: 'Post' }],
};

export const samples: readonly Sample[] = [
  {
    name: 'finds an order by its number and says where it is',
    config: { credential: 'cred_1', order: '{{ trigger.text }}' },
    input: { trigger: { text: '1001' } },
    world: world({
      orders: {
        nodes: [
          {
            id: order.id,
            name: order.number,
            email: order.email,
            createdAt: order.createdAt,
            cancelledAt: null,
            sourceIdentifier: null,
            displayFinancialStatus: order.payment,
            displayFulfillmentStatus: order.delivery,
            totalPriceSet: { shopMoney: { amount: order.total, currencyCode: order.currency } },
            lineItems: { nodes: order.items },
            fulfillments: [{ trackingInfo: order.tracking }],
          },
        ],
      },
    }),
    expect: { port: 'done', output: { ...nothing, count: 1, order, orders: [order] } },
  },
  {
    name: 'looks up the stock of a product',
    config: { operation: 'find-product', credential: 'cred_1', sku: 'milk-1' },
    world: world({
      productVariants: {
        nodes: [
          {
            id: 'gid://shopify/ProductVariant/1',
            sku: 'MILK-1',
            displayName: 'Milk - 1 l',
            price: '1.20',
            inventoryItem: {
              id: 'gid://shopify/InventoryItem/1',
              inventoryLevels: {
                nodes: [{ location: { id: 'gid://shopify/Location/1', name: 'Main' }, quantities: [{ name: 'available', quantity: 7 }] }],
              },
            },
          },
        ],
      },
    }),
    expect: {
      port: 'done',
      output: {
        ...nothing,
        count: 1,
        product: {
          id: 'gid://shopify/ProductVariant/1',
          sku: 'MILK-1',
          name: 'Milk - 1 l',
          price: '1.20',
          available: 7,
          stock: [{ location: 'Main', available: 7 }],
        },
      },
    },
  },
  {
    name: 'says when nobody has this address',
    config: { operation: 'find-customer', credential: 'cred_1', customer: 'nobody@example.com' },
    world: world({ customers: { nodes: [] } }),
    expect: { port: 'missing', output: nothing },
  },
];
