import { definePure } from '@holdfast/node-kit';
import { z } from 'zod';

export const join = definePure({
  type: 'join',
  typeVersion: 1,
  title: 'Join',
  summary: 'Brings parallel branches together again.',
  icon: 'arrows-join',
  category: 'decide',
  keywords: ['merge', 'wait for all', 'parallel', 'branches', 'unir', 'juntar'],
  config: z.strictObject({
    mode: z
      .enum(['all', 'any'])
      .default('all')
      .meta({ title: 'Goes on', options: { all: 'When all branches have arrived', any: 'With the first branch that arrives' } }),
  }),
  ports: { done: { label: 'Then', mandatory: true } },
  joins: (given) => given.mode,
  evaluate: () => ({ port: 'done', output: null }),
  samples: [
    { name: 'waits for all branches', config: {}, expect: { port: 'done', output: null } },
    { name: 'goes on with the first', config: { mode: 'any' }, expect: { port: 'done', output: null } },
  ],
});
