import { defineTrigger, duration } from '@holdfast/node-kit';
import { z } from 'zod';

const whenResult = { field: 'respond', is: ['result'] } as const;

export const webhookTrigger = defineTrigger({
  type: 'webhook-trigger',
  typeVersion: 1,
  source: 'webhook',
  title: 'Webhook',
  summary: 'Starts when another system calls this address, and can answer with the result.',
  icon: 'webhook',
  category: 'start',
  keywords: ['http', 'api', 'start', 'trigger', 'callback', 'form', 'inicio', 'llamada'],
  config: z.strictObject({
    path: z
      .string('Write the end of the address: at least 3 small letters, digits or "-"')
      .regex(/^[a-z0-9][a-z0-9-]{2,127}$/, 'Write the end of the address: at least 3 small letters, digits or "-"')
      .meta({
        title: 'Address',
        description: 'Other systems call this address. Keep it hard to guess.',
        placeholder: 'new-order-7f3k2',
        widget: 'webhook-path',
      }),
    method: z
      .enum(['POST', 'GET', 'PUT', 'any'])
      .default('POST')
      .meta({ title: 'Method', options: { POST: 'POST', GET: 'GET', PUT: 'PUT', any: 'Any' }, advanced: true }),
    respond: z
      .enum(['now', 'result'])
      .default('now')
      .meta({ title: 'Answer', options: { now: 'At once: "received"', result: 'With the result of the run' } }),
    timeout: duration.default('20s').meta({
      title: 'Wait for the result at most',
      description: "Later than that, the caller gets the run's number and can ask again. The run goes on.",
      widget: 'duration',
      showWhen: whenResult,
    }),
    status: z.number().int().min(200).max(599).default(200).meta({ title: 'Status of the answer', advanced: true, showWhen: whenResult }),
  }),
  ports: { received: { label: 'Received', mandatory: true } },
  describe: (given) => `${given.method === 'any' ? '' : `${given.method} `}/hooks/flows/${given.path ?? ''}`,
  samples: [
    {
      name: 'starts with what the caller sent',
      config: { path: 'new-order-7f3k2' },
      input: { trigger: { method: 'POST', headers: {}, query: {}, body: { order: 'A-1001', total: 42.5 } } },
      expect: { port: 'received' },
    },
    {
      name: 'answers with the result of the run',
      config: { path: 'price-check', respond: 'result', timeout: '5s' },
      input: { trigger: { method: 'POST', headers: {}, query: {}, body: { sku: 'KELP-1' } } },
      expect: { port: 'received' },
    },
  ],
});
