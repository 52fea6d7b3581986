import { totalOf } from './bodies.ts';
import type { ShopCustomer, ShopOrder, Variant } from './shop.ts';

export const variantOf = (variant: Variant) => ({
  ...variant,
  title: variant.displayName,
  availableForSale: true,
  inventoryQuantity: [...variant.available.values()].reduce((sum, each) => sum + each, 0),
  inventoryItem: {
    ...itemOf(variant),
    inventoryLevels: () => ({
      nodes: [...variant.available].map(([name, quantity]) => ({
        location: { id: locationId(name), name },
        quantities: [{ name: 'available', quantity }],
      })),
    }),
  },
});
export const itemOf = ({ itemId }: Variant) => ({ id: itemId, legacyResourceId: itemId.split('/').at(-1) });
export const locationId = (name: string): string => `gid://shopify/Location/${name.replaceAll(' ', '-')}`;

const dollars = (amount: string) => ({ shopMoney: { amount, currencyCode: 'USD' } });
export const orderOf = (order: ShopOrder) => ({
  ...order,
  legacyResourceId: order.id.split('/').at(-1),
  phone: null,
  displayFinancialStatus: order.paidAt === null ? 'PENDING' : 'PAID',
  displayFulfillmentStatus: order.tracking.length > 0 ? 'FULFILLED' : 'UNFULFILLED',
  totalPriceSet: dollars(totalOf(order)),
  customer: { firstName: 'Amina', lastName: 'Odhiambo' },
  shippingAddress: { name: 'Amina Odhiambo', address1: '12 Kimathi Street', city: 'Nairobi', zip: '00100', countryCodeV2: 'KE' },
  transactions: () => (order.paidAt === null ? [] : [{ kind: 'SALE', status: 'SUCCESS', processedAt: order.paidAt }]),
  lineItems: () => ({
    nodes: order.lines.map(({ variant, quantity }) => ({
      title: variant.displayName,
      sku: variant.sku,
      quantity,
      originalUnitPriceSet: dollars(variant.price),
    })),
  }),
  fulfillments: () => (order.tracking.length > 0 ? [{ trackingInfo: order.tracking }] : []),
});

export const productOf = (variant: Variant) => ({
  id: variant.id.replace('ProductVariant', 'Product'),
  legacyResourceId: variant.id.split('/').at(-1),
  title: variant.displayName,
  status: 'ACTIVE',
  vendor: 'Kelp & Sons',
  productType: 'Food',
  createdAt: variant.updatedAt,
  updatedAt: variant.updatedAt,
  variants: () => ({ nodes: [variantOf(variant)] }),
});

export const customerOf = (customer: ShopCustomer) => ({
  ...customer,
  legacyResourceId: customer.id.split('/').at(-1),
  numberOfOrders: '0',
  tags: [],
  defaultEmailAddress: customer.email === null ? null : { emailAddress: customer.email },
  defaultPhoneNumber: customer.phone === null ? null : { phoneNumber: customer.phone },
});
