import { z } from 'zod';

/** Names that would touch an object's prototype; refused rather than escaped. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

export const fieldName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'Names start with a letter and hold letters, digits and "_" only')
  .refine((name) => !forbidden.has(name), 'This name is reserved: choose another')
  .meta({ title: 'Name', placeholder: 'total' });

export const assignment = z.strictObject({
  name: fieldName,
  value: z.string().max(20_000).default('').meta({ title: 'Value', template: true, keepsType: true }),
  as: z
    .enum(['as-is', 'text', 'number', 'yes-no', 'json'])
    .default('as-is')
    .meta({ title: 'Kept as', options: { 'as-is': 'As it is', text: 'Text', number: 'Number', 'yes-no': 'Yes or no', json: 'JSON' } }),
});
export type Assignment = z.infer<typeof assignment>;

/** A list of named values, each name once. */
export const assignments = z
  .array(assignment)
  .max(100)
  .refine((list) => new Set(list.map((item) => item.name)).size === list.length, 'Each name can be used once');
