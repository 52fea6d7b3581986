import { buildSchema } from 'graphql';

/** The part of Shopify's Admin API (2026-07) that we use, written after its public reference: what doesn't fit it is refused as there. */
export const shopifySchema = buildSchema(`
  directive @idempotent(key: String!) on FIELD
  scalar DateTime
  scalar Decimal
  scalar URL
  type Query {
    shop: Shop!
    orders(first: Int, query: String, reverse: Boolean): OrderConnection!
    productVariants(first: Int, query: String): ProductVariantConnection!
    customers(first: Int, query: String): CustomerConnection!
  }
  type Mutation {
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventoryPayload
    inventoryAdjustQuantities(input: InventoryAdjustQuantitiesInput!): InventoryPayload
    customerSet(input: CustomerSetInput!, identifier: CustomerSetIdentifiers): CustomerSetPayload
    orderCreate(order: OrderCreateOrderInput!, options: OrderCreateOptionsInput): OrderCreatePayload
  }
  type Shop { name: String! }
  type MoneyV2 { amount: Decimal! currencyCode: String! }
  type MoneyBag { shopMoney: MoneyV2! }
  type OrderConnection { nodes: [Order!]! }
  type Order {
    id: ID! name: String! email: String note: String createdAt: DateTime! cancelledAt: DateTime sourceIdentifier: String
    displayFinancialStatus: String displayFulfillmentStatus: String! totalPriceSet: MoneyBag!
    lineItems(first: Int): LineItemConnection! fulfillments(first: Int): [Fulfillment!]!
  }
  type LineItemConnection { nodes: [LineItem!]! }
  type LineItem { title: String! sku: String quantity: Int! }
  type Fulfillment { trackingInfo(first: Int): [FulfillmentTrackingInfo!]! }
  type FulfillmentTrackingInfo { number: String url: URL company: String }
  type ProductVariantConnection { nodes: [ProductVariant!]! }
  type ProductVariant {
    id: ID! sku: String displayName: String! price: Decimal! availableForSale: Boolean! inventoryQuantity: Int inventoryItem: InventoryItem!
  }
  type InventoryItem { id: ID! inventoryLevels(first: Int): InventoryLevelConnection! }
  type InventoryLevelConnection { nodes: [InventoryLevel!]! }
  type InventoryLevel { location: Location! quantities(names: [String!]!): [InventoryQuantity!]! }
  type Location { id: ID! name: String! }
  type InventoryQuantity { name: String! quantity: Int! }
  type CustomerConnection { nodes: [Customer!]! }
  type Customer {
    id: ID! firstName: String lastName: String note: String numberOfOrders: String! tags: [String!]!
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
