import { z } from 'zod';

export const entities = ['Customer', 'Item', 'Invoice', 'Estimate', 'Payment'] as const;
export type Entity = (typeof entities)[number];

/** By what each is looked for. */
export const keyOf: Readonly<Record<Entity, string>> = {
  Customer: 'DisplayName',
  Item: 'Name',
  Invoice: 'DocNumber',
  Estimate: 'DocNumber',
  Payment: 'PaymentRefNum',
};

/** As QuickBooks has it; every record has more fields than these. */
export const given = z.looseObject({
  Id: z.string(),
  SyncToken: z.string(),
  DisplayName: z.string().optional(),
  Name: z.string().optional(),
  DocNumber: z.string().optional(),
  PaymentRefNum: z.string().optional(),
  PrimaryEmailAddr: z.object({ Address: z.string().optional() }).optional(),
  CustomerRef: z.object({ value: z.string(), name: z.string().optional() }).optional(),
  TotalAmt: z.number().optional(),
  Balance: z.number().optional(),
  UnitPrice: z.number().optional(),
  QtyOnHand: z.number().optional(),
  TxnDate: z.string().optional(),
  DueDate: z.string().optional(),
});
export type Given = z.infer<typeof given>;

/** What later steps can read. */
export const recordShape = z.object({
  type: z.enum(entities),
  id: z.string(),
  number: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  total: z.number().nullable(),
  balance: z.number().nullable(),
  price: z.number().nullable(),
  onHand: z.number().nullable(),
  date: z.string().nullable(),
  dueDate: z.string().nullable(),
});
export type QuickbooksRecord = z.infer<typeof recordShape>;

export const recordFrom = (type: Entity, row: Given): QuickbooksRecord => ({
  type,
  id: row.Id,
  number: row.DocNumber ?? row.PaymentRefNum ?? null,
  name: row.DisplayName ?? row.Name ?? row.CustomerRef?.name ?? null,
  email: row.PrimaryEmailAddr?.Address ?? null,
  total: row.TotalAmt ?? null,
  balance: row.Balance ?? null,
  price: row.UnitPrice ?? null,
  onHand: row.QtyOnHand ?? null,
  date: row.TxnDate ?? null,
  dueDate: row.DueDate ?? null,
});
