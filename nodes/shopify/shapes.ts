import { z } from 'zod';

/** What later steps can read; made of Shopify's own answers, without their nesting. */
export const orderShape = z.object({
  id: z.string(),
  number: z.string(),
  createdAt: z.string(),
  cancelledAt: z.string().nullable(),
  email: z.string().nullable(),
  payment: z.string().nullable(),
  delivery: z.string(),
  total: z.string(),
  currency: z.string(),
  items: z.array(z.object({ title: z.string(), sku: z.string().nullable(), quantity: z.number() })),
  tracking: z.array(z.object({ number: z.string().nullable(), url: z.string().nullable(), company: z.string().nullable() })),
});
export type Order = z.infer<typeof orderShape>;

export const productShape = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  name: z.string(),
  price: z.string(),
  available: z.number(),
  stock: z.array(z.object({ location: z.string(), available: z.number() })),
});
export type Product = z.infer<typeof productShape>;

export const customerShape = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  orders: z.number(),
  note: z.string().nullable(),
});
export type Customer = z.infer<typeof customerShape>;
