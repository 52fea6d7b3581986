import { z } from 'zod';

const button = z.strictObject({
  id: z
    .string()
    .min(1, 'Give the button an id')
    .max(64)
    .regex(/^[a-zA-Z0-9_-]+$/, 'Use letters, digits, "-" and "_"')
    .meta({ title: 'Id', advanced: true }),
  label: z.string().min(1, 'Write what the button says').max(64).meta({ title: 'Label', placeholder: 'Yes, please', template: true }),
});

export const buttons = z
  .array(button)
  .max(10, 'At most 10 buttons')
  .refine((list) => new Set(list.map((item) => item.id)).size === list.length, 'Two buttons have the same id');
