import { z } from 'zod';

/** For calls whose answer the flow does not need. `method` is the setting that says how the step calls, dotted. */
export const keepFields = (method: string) => ({
  keepCall: z
    .boolean()
    .default(false)
    .meta({
      title: 'Else: keep the call, and deliver it when the service is back',
      description: 'For calls whose answer the flow does not need. The run goes on at once, by “Kept for later”.',
      showWhen: { field: method, is: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      advanced: true,
    }),
  orderKey: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Never passes kept calls with the same',
      description: 'Where the order matters, for example of one customer. Left empty: one that a person must look at holds up no other.',
      placeholder: '{{ contact.id }}',
      template: true,
      showWhen: { field: 'keepCall', is: [true] },
      advanced: true,
    }),
});
