import { definePure } from '@holdfast/node-kit';
import { z } from 'zod';
import { assign } from '../fields/assign.ts';
import { assignments } from '../fields/assignment.ts';

export const setData = definePure({
  type: 'set-data',
  typeVersion: 1,
  title: 'Set data',
  summary: 'Gives names to values, so that later steps can use them.',
  icon: 'pencil',
  category: 'act',
  keywords: ['set', 'variable', 'map', 'assign', 'fields', 'transform', 'datos', 'asignar'],
  config: z.strictObject({
    fields: assignments
      .min(1, 'Add at least one value')
      .default([{ name: 'value', value: '', as: 'as-is' }])
      .meta({
        title: 'Values',
        description: 'A value taken whole from an earlier step keeps its kind: a number stays a number.',
        widget: 'assignments',
      }),
  }),
  ports: { done: { label: 'Done' } },
  describe: (given) => given.fields.map((field) => field.name).join(', '),
  evaluate: ({ config }) => ({ port: 'done', output: assign(config.fields) }),
  samples: [
    {
      name: 'fills in a text',
      config: { fields: [{ name: 'greeting', value: 'Hello {{ contact.name }}' }] },
      input: { contact: { id: 'c1', name: 'Ana', language: 'es', attributes: {} } },
      expect: { port: 'done', output: { greeting: 'Hello Ana' } },
    },
    {
      name: 'keeps the kind of a whole value',
      config: {
        fields: [
          { name: 'total', value: '{{ trigger.body.total }}' },
          { name: 'items', value: '{{ trigger.body.items }}' },
        ],
      },
      input: { trigger: { body: { total: 42.5, items: ['kelp', 'dulse'] } } },
      expect: { port: 'done', output: { total: 42.5, items: ['kelp', 'dulse'] } },
    },
    {
      name: 'makes a number of a text',
      config: {
        fields: [
          { name: 'age', value: '{{ trigger.text }}', as: 'number' },
          { name: 'isMember', value: 'sí', as: 'yes-no' },
        ],
      },
      input: { trigger: { text: ' 41 ' } },
      expect: { port: 'done', output: { age: 41, isMember: true } },
    },
  ],
});
