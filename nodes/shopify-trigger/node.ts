import { defineTrigger } from '@holdfast/node-kit';
import { z } from 'zod';
import { connectionGone } from '../fields/finding.ts';
import { samples } from './samples.ts';
import { topics, topicTitles } from './topics.ts';

export const shopifyTrigger = defineTrigger({
  type: 'shopify-trigger',
  typeVersion: 1,
  source: 'connection',
  title: 'Shopify tells',
  summary: 'Starts when an order, a product, the stock or a customer of a shop changes.',
  icon: 'building-store',
  category: 'start',
  keywords: ['shop', 'order', 'stock', 'inventory', 'product', 'customer', 'trigger', 'start', 'tienda', 'pedido', 'inicio'],
  config: z.strictObject({
    credential: z
      .string('Choose the shop')
      .min(1, 'Choose the shop')
      .meta({
        title: 'Shop',
        description: 'What the shop tells is listed with the connection.',
        widget: 'credential',
        credentialKinds: ['shopify'],
      }),
    topics: z
      .array(z.enum(topics).meta({ options: topicTitles }))
      .min(1, 'Choose at least one')
      .max(topics.length)
      .default(['orders/create'])
      .meta({ title: 'Start when', options: topicTitles }),
    late: z
      .enum(['skip', 'start'])
      .default('skip')
      .meta({
        title: 'What comes late',
        description: 'Shopify repeats and reorders. A change that is older than one that already came says nothing new.',
        options: { skip: 'Leave out changes that are older than what came before', start: 'Start with every change' },
        advanced: true,
      }),
  }),
  ports: { happened: { label: 'It happened', mandatory: true } },
  describe: (given) => given.topics.map((topic) => topicTitles[topic]).join(', '),
  check: (given, world) => connectionGone({ ...given, kinds: ['shopify'], what: 'The shop of this step' }, world),
  samples,
});
