import { defineEffect, definePure, defineTrigger, defineWait, type Catalog, type NodeDefinition } from '@holdfast/node-kit';
import { z } from 'zod';

const looks = { typeVersion: 1, summary: 'For tests.', icon: 'flask', samples: [] } as const;
const text = z.string().default('').meta({ title: 'Text', template: true });

const definitions = [
  defineTrigger({
    ...looks,
    type: 'begin',
    title: 'Begin',
    category: 'start',
    source: 'webhook',
    config: z.strictObject({}),
    ports: { out: { label: 'Begun' } },
  }),
  definePure({
    ...looks,
    type: 'choose',
    title: 'Choose',
    category: 'decide',
    config: z.strictObject({ text }),
    ports: { left: { label: 'Left' }, right: { label: 'Right' } },
    evaluate: ({ config }) => ({ port: 'left', output: config.text }),
  }),
  defineEffect({
    ...looks,
    type: 'call',
    title: 'Call',
    category: 'act',
    config: z.strictObject({ text }),
    ports: { ok: { label: 'Done' }, failed: { label: 'Gave up', unhappy: true } },
    retry: { maxAttempts: 3, firstDelay: '1s', factor: 2, maxDelay: '1m' },
    timeout: '5s',
  }),
  defineWait({
    ...looks,
    type: 'pause',
    title: 'Pause',
    category: 'wait',
    config: z.strictObject({}),
    boundsCycles: true,
    ports: { answered: { label: 'Answered' }, expired: { label: 'Expired' } },
    plan: () => ({ waitFor: 'reply', timeout: '1h', timeoutPort: 'expired' }),
    resolve: () => ({ port: 'answered', output: 'yes' }),
  }),
  definePure({
    ...looks,
    type: 'meet',
    title: 'Meet',
    category: 'decide',
    config: z.strictObject({ mode: z.enum(['all', 'any']).default('all') }),
    ports: { out: { label: 'Then' } },
    joins: (config) => config.mode,
    evaluate: () => ({ port: 'out', output: null }),
  }),
  definePure({
    ...looks,
    type: 'stop',
    title: 'Stop',
    category: 'decide',
    config: z.strictObject({}),
    ports: {},
    evaluate: () => ({ port: 'end', output: null }),
  }),
];

/** One small node type of every kind, for tests of the graph that need no real nodes: begin, choose, call, pause, meet, stop. */
export const testCatalog: Catalog = Object.fromEntries(definitions.map((definition) => [definition.type, forgetConfig(definition)]));

function forgetConfig(definition: (typeof definitions)[number]): NodeDefinition {
  return definition as unknown as NodeDefinition; // called with configs that its own schema parsed; a catalog can't say which
}
