/** What a shop tells, by Shopify's own names. */
export const topics = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/cancelled',
  'products/create',
  'products/update',
  'inventory_levels/update',
  'customers/create',
  'customers/update',
] as const;
export type ShopTopic = (typeof topics)[number];

export const topicTitles: Readonly<Record<ShopTopic, string>> = {
  'orders/create': 'An order came in',
  'orders/paid': 'An order was paid',
  'orders/updated': 'An order changed',
  'orders/cancelled': 'An order was cancelled',
  'products/create': 'A product was added',
  'products/update': 'A product changed',
  'inventory_levels/update': 'The stock changed',
  'customers/create': 'A customer was added',
  'customers/update': 'A customer changed',
};
