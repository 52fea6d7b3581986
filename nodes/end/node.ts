import { definePure } from '@holdfast/node-kit';
import { z } from 'zod';
import { assign } from '../fields/assign.ts';
import { assignments } from '../fields/assignment.ts';
import { shortText } from '../fields/short-text.ts';

export const end = definePure({
  type: 'end',
  typeVersion: 1,
  title: 'End',
  summary: 'Ends this way, with a result if you like: what a webhook answers.',
  icon: 'flag',
  category: 'act',
  keywords: ['stop', 'finish', 'result', 'return', 'answer', 'fin', 'terminar', 'resultado'],
  config: z.strictObject({
    result: z
      .enum(['none', 'fields', 'text'])
      .default('none')
      .meta({ title: 'Result', options: { none: 'None', fields: 'Named values', text: 'Text' } }),
    fields: assignments.default([]).meta({ title: 'Values', widget: 'assignments', showWhen: { field: 'result', is: ['fields'] } }),
    text: z
      .string()
      .max(20_000)
      .default('')
      .meta({
        title: 'Text',
        description: 'A value taken whole from an earlier step keeps its kind.',
        template: true,
        keepsType: true,
        showWhen: { field: 'result', is: ['text'] },
      }),
  }),
  ports: {},
  describe: (given) =>
    given.result === 'fields' ? given.fields.map((field) => field.name).join(', ') : given.result === 'text' ? shortText(given.text) : '',
  evaluate: ({ config }) => ({
    port: 'end',
    output: config.result === 'fields' ? assign(config.fields) : config.result === 'text' ? config.text : null,
  }),
  samples: [
    { name: 'ends without a result', config: {}, expect: { port: 'end', output: null } },
    {
      name: 'answers with named values',
      config: {
        result: 'fields',
        fields: [
          { name: 'accepted', value: 'yes', as: 'yes-no' },
          { name: 'order', value: '{{ trigger.body.order }}' },
        ],
      },
      input: { trigger: { body: { order: 'A-1001' } } },
      expect: { port: 'end', output: { accepted: true, order: 'A-1001' } },
    },
    {
      name: 'answers with a whole value',
      config: { result: 'text', text: '{{ nodes.lookup.body }}' },
      input: { nodes: { lookup: { body: { status: 'shipped' } } } },
      expect: { port: 'end', output: { status: 'shipped' } },
    },
  ],
});
