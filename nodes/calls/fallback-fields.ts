import { duration } from '@holdfast/node-kit';
import { z } from 'zod';

/** What stands in when a call comes to nothing, and when no call is needed. `method` is the setting that says how it is called, dotted. */
export const fallbackFields = (method: string) => ({
  onlyReads: z
    .boolean()
    .default(false)
    .meta({
      title: 'This call only reads',
      description: 'It changes nothing, so it may be repeated, and its answers may be kept.',
      showWhen: { field: method, is: ['POST'] },
      advanced: true,
    }),
  keepFor: duration.optional().meta({
    title: 'Keep answers for',
    description: 'So long the same call is answered by what is kept, without asking the service.',
    placeholder: 'Never',
    widget: 'duration',
    showWhen: { field: method, is: ['GET', 'POST'] },
    advanced: true,
  }),
  keptUnder: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Calls are the same when this is',
      description: 'Left empty: when address, query and body are. Answers are never shared between connections.',
      placeholder: '{{ trigger.body.sku }}',
      template: true,
      showWhen: { field: method, is: ['GET', 'POST'] },
      advanced: true,
    }),
  secondUrl: z.string().max(4_000).default('').meta({
    title: 'If it gives up: second address',
    description: 'Called once, in the same way, when the first one does not answer.',
    placeholder: 'https://backup.example.com/orders/{{ trigger.text }}',
    template: true,
    insertsAs: 'address',
    advanced: true,
  }),
  staleFor: duration.optional().meta({
    title: 'Else: the last answer, if it is no older than',
    description: 'The run view shows how old it was.',
    placeholder: 'Never',
    widget: 'duration',
    showWhen: { field: method, is: ['GET', 'POST'] },
    advanced: true,
  }),
  standIn: z.string().max(20_000).default('').meta({
    title: 'Else: this answer',
    description: 'JSON. The run goes on as if the service had said it.',
    template: true,
    editor: 'json',
    advanced: true,
  }),
});
