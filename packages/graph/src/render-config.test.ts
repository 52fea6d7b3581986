import { defineEffect, type NodeDefinition, type Scope } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { renderConfig } from './render-config.ts';

const template = z.string().max(40).meta({ title: 'T', template: true });
const definition = defineEffect({
  type: 'probe',
  typeVersion: 1,
  title: 'Probe',
  summary: 'For tests.',
  icon: 'flask',
  category: 'act',
  samples: [],
  ports: {},
  timeout: '1s',
  retry: { maxAttempts: 1, firstDelay: '1s', factor: 1, maxDelay: '1s' },
  config: z.strictObject({
    plain: z.string().default('{{ trigger.text }}'),
    one: template.optional(),
    list: z.array(z.strictObject({ key: z.string(), value: template })).default([]),
    record: z.record(z.string(), z.string()).default({}).meta({ template: true }),
    whole: z.unknown().optional().meta({ template: true, keepsType: true }),
    kind: z
      .discriminatedUnion('is', [
        z.strictObject({ is: z.literal('a'), text: template }),
        z.strictObject({ is: z.literal('b'), text: z.string() }),
      ])
      .optional(),
    count: z.number().default(3),
  }),
}) as unknown as NodeDefinition; // the list of all definitions forgets the config's type

const scope: Scope = {
  trigger: { text: '{{ contact.name }}', n: 7, items: [1, 2] },
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: '', startedAt: '', flow: '' },
};
const render = (config: Parameters<typeof renderConfig>[1], onMissing?: (name: string) => void) =>
  renderConfig(definition, config, scope, onMissing);

describe('a step’s config', () => {
  test('is filled in where its schema marks a template, once, and completed with defaults', () => {
    expect(render({ one: '{{ trigger.text }}' })).toEqual({
      plain: '{{ trigger.text }}',
      one: '{{ contact.name }}',
      list: [],
      record: {},
      count: 3,
    });
  });

  test('is filled in inside lists, records and the choice that fits', () => {
    expect(
      render({
        list: [{ key: '{{ x }}', value: '{{ trigger.n }}' }],
        record: { a: 'n={{ trigger.n }}' },
        kind: { is: 'a', text: '{{ trigger.n }}' },
      }),
    ).toMatchObject({ list: [{ key: '{{ x }}', value: '7' }], record: { a: 'n=7' }, kind: { is: 'a', text: '7' } });
    expect(render({ kind: { is: 'b', text: '{{ trigger.n }}' } })).toMatchObject({ kind: { text: '{{ trigger.n }}' } });
  });

  test('keeps the kind of a whole value where the schema says so, at any depth', () => {
    expect(render({ whole: { deep: ['{{ trigger.items }}', '{{ trigger.n }}!'] } })).toMatchObject({ whole: { deep: [[1, 2], '7!'] } });
  });

  test('is not measured against its schema again: data may be longer than what staff type', () => {
    expect(renderConfig(definition, { one: '{{n}}' }, { ...scope, trigger: {}, variables: {} }).one).toBe('');
    expect(renderConfig(definition, { record: { a: '{{ trigger.t }}' } }, { ...scope, trigger: { t: 'x'.repeat(50) } })).toMatchObject({
      record: { a: 'x'.repeat(50) },
    });
  });

  test('tells which names were missing', () => {
    const missing: string[] = [];
    render({ record: { a: '{{ trigger.no }}', b: '{{ nodes.x.y }}' } }, (name) => missing.push(name));
    expect(missing).toEqual(['trigger.no', 'nodes.x.y']);
  });

  test('names the field that is wrong', () => {
    expect(() => render({ list: [{ key: 'k', value: '{{ oops' }] })).toThrowError(
      expect.objectContaining({ code: 'template.invalid', path: 'list.0.value' }),
    );
    expect(() => render({ count: 'three' })).toThrowError(expect.objectContaining({ code: 'step.config', path: 'count' }));
  });
});
