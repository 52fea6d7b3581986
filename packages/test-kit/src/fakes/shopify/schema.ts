import { buildSchema } from 'graphql';

/** The part of Shopify's Admin API (2026-07) that we use, written after its public reference: what doesn't fit it is refused as there. */
export const shopifySchema = buildSchema(`
  directive @idempotent(key: String!) on FIELD
  scalar DateTime
  scalar Decimal
  scalar URL
  type Query {
    shop: Shop!
    orders(first: Int, after: String, query: String, reverse: Boolean, sortKey: OrderSortKeys): OrderConnection!
    products(first: Int, after: String, query: String, sortKey: ProductSortKeys): ProductConnection!
    productVariants(first: Int, query: String): ProductVariantConnection!
    customers(first: Int, after: String, query: String, sortKey: CustomerSortKeys): CustomerConnection!
    locations(first: Int, after: String): LocationConnection!
    location(id: ID!): Location
    webhookSubscriptions(first: Int, after: String): WebhookSubscriptionConnection!
  }
  scalar UnsignedInt64
  enum OrderSortKeys { CREATED_AT UPDATED_AT }
  enum ProductSortKeys { CREATED_AT UPDATED_AT }
  enum CustomerSortKeys { CREATED_AT UPDATED_AT }
  enum CountryCode { KE }
  enum OrderTransactionKind { AUTHORIZATION CAPTURE SALE REFUND VOID }
  enum OrderTransactionStatus { SUCCESS FAILURE PENDING }
  enum WebhookSubscriptionFormat { JSON XML }
  enum WebhookSubscriptionTopic {
    ORDERS_CREATE ORDERS_PAID ORDERS_UPDATED ORDERS_CANCELLED PRODUCTS_CREATE PRODUCTS_UPDATE INVENTORY_LEVELS_UPDATE CUSTOMERS_CREATE CUSTOMERS_UPDATE
  }
  type Mutation {
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventoryPayload
    inventoryAdjustQuantities(input: InventoryAdjustQuantitiesInput!): InventoryPayload
    customerSet(input: CustomerSetInput!, identifier: CustomerSetIdentifiers): CustomerSetPayload
    orderCreate(order: OrderCreateOrderInput!, options: OrderCreateOptionsInput): OrderCreatePayload
    webhookSubscriptionCreate(topic: WebhookSubscriptionTopic!, webhookSubscription: WebhookSubscriptionInput!): WebhookSubscriptionCreatePayload
    webhookSubscriptionDelete(id: ID!): WebhookSubscriptionDeletePayload
  }
  type Shop { name: String! }
  type MoneyV2 { amount: Decimal! currencyCode: String! }
  type MoneyBag { shopMoney: MoneyV2! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type WebhookSubscriptionConnection { nodes: [WebhookSubscription!]! pageInfo: PageInfo! }
  type WebhookSubscription { id: ID! topic: WebhookSubscriptionTopic! uri: String! }
  type WebhookSubscriptionCreatePayload { webhookSubscription: WebhookSubscription userErrors: [UserError!]! }
  type WebhookSubscriptionDeletePayload { deletedWebhookSubscriptionId: ID userErrors: [UserError!]! }
  input WebhookSubscriptionInput { uri: String format: WebhookSubscriptionFormat }
  type OrderConnection { nodes: [Order!]! pageInfo: PageInfo! }
  type MailingAddress { name: String address1: String address2: String city: String zip: String countryCodeV2: CountryCode phone: String }
  type OrderTransaction { kind: OrderTransactionKind! status: OrderTransactionStatus! processedAt: DateTime }
  type Order {
    id: ID! legacyResourceId: UnsignedInt64! name: String! email: String phone: String note: String createdAt: DateTime! updatedAt: DateTime!
    cancelledAt: DateTime sourceIdentifier: String customer: Customer shippingAddress: MailingAddress transactions(first: Int): [OrderTransaction!]!
    displayFinancialStatus: String displayFulfillmentStatus: String! totalPriceSet: MoneyBag!
    lineItems(first: Int): LineItemConnection! fulfillments(first: Int): [Fulfillment!]!
  }
  type LineItemConnection { nodes: [LineItem!]! }
  type LineItem { title: String! sku: String quantity: Int! originalUnitPriceSet: MoneyBag! }
  type Fulfillment { trackingInfo(first: Int): [FulfillmentTrackingInfo!]! }
  type FulfillmentTrackingInfo { number: String url: URL company: String }
  type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
  type Product {
    id: ID! legacyResourceId: UnsignedInt64! title: String! status: String! vendor: String! productType: String! createdAt: DateTime! updatedAt: DateTime!
    variants(first: Int): ProductVariantConnection!
  }
  type ProductVariantConnection { nodes: [ProductVariant!]! }
  type ProductVariant {
    id: ID! sku: String title: String! displayName: String! price: Decimal! availableForSale: Boolean! inventoryQuantity: Int inventoryItem: InventoryItem!
  }
  type InventoryItem { id: ID! legacyResourceId: UnsignedInt64! inventoryLevels(first: Int): InventoryLevelConnection! }
  type InventoryLevelConnection { nodes: [InventoryLevel!]! pageInfo: PageInfo! }
  type InventoryLevel { updatedAt: DateTime! item: InventoryItem! location: Location! quantities(names: [String!]!): [InventoryQuantity!]! }
  type LocationConnection { nodes: [Location!]! pageInfo: PageInfo! }
  type Location { id: ID! legacyResourceId: UnsignedInt64! name: String! inventoryLevels(first: Int, after: String, query: String): InventoryLevelConnection! }
  type InventoryQuantity { name: String! quantity: Int! }
  type CustomerConnection { nodes: [Customer!]! pageInfo: PageInfo! }
  type Customer {
    id: ID! legacyResourceId: UnsignedInt64! createdAt: DateTime! updatedAt: DateTime! firstName: String lastName: String note: String numberOfOrders: String! tags: [String!]!
    defaultEmailAddress: CustomerEmailAddress defaultPhoneNumber: CustomerPhoneNumber
  }
  type CustomerEmailAddress { emailAddress: String! }
  type CustomerPhoneNumber { phoneNumber: String! }
  type UserError { field: [String!] message: String! }
  type InventoryPayload { userErrors: [UserError!]! }
  type CustomerSetPayload { customer: Customer userErrors: [UserError!]! }
  type OrderCreatePayload { order: Order userErrors: [UserError!]! }
  input InventorySetQuantitiesInput { name: String! reason: String! referenceDocumentUri: String quantities: [InventoryQuantityInput!]! }
  input InventoryQuantityInput { inventoryItemId: ID! locationId: ID! quantity: Int! changeFromQuantity: Int }
  input InventoryAdjustQuantitiesInput { name: String! reason: String! referenceDocumentUri: String changes: [InventoryChangeInput!]! }
  input InventoryChangeInput { inventoryItemId: ID! locationId: ID! delta: Int! changeFromQuantity: Int ledgerDocumentUri: String }
  input CustomerSetIdentifiers { id: ID email: String phone: String }
  input CustomerSetInput { id: ID email: String phone: String firstName: String lastName: String note: String }
  input OrderCreateOrderInput {
    email: String note: String sourceIdentifier: String financialStatus: String lineItems: [OrderCreateLineItemInput!]
  }
  input OrderCreateLineItemInput { variantId: ID quantity: Int! }
  input OrderCreateOptionsInput { inventoryBehaviour: String }
`);
