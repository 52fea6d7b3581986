import { catalog } from '@holdfast/nodes/catalog';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formField, formFields } from './form-field.ts';
import { blankObject, defaultOf, isShown, titleFromKey, withKey } from './form-value.ts';

const schema = z.strictObject({
  method: z.enum(['GET', 'POST']).default('GET').meta({ title: 'Method' }),
  url: z.string().min(1).meta({ title: 'Address', template: true }),
  body: z
    .string()
    .optional()
    .meta({ title: 'Body', editor: 'json', showWhen: { field: 'method', is: ['POST'] } }),
  tries: z.number().int().min(1).max(10).default(3).meta({ advanced: true }),
  rules: z.array(z.strictObject({ id: z.string(), words: z.array(z.string()).default([]) })).default([]),
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('email'), to: z.string() }),
    z.strictObject({ kind: z.literal('chat'), chat: z.string() }),
  ]),
  headers: z.record(z.string(), z.string()).default({}),
});

describe('a form from a schema', () => {
  const fields = formFields(schema);
  const field = (key: string) => {
    const found = fields.find((candidate) => candidate.key === key);
    if (!found) throw new Error(`No field ${key}.`);
    return found;
  };

  test('has an input for every key, of the kind its type asks for', () => {
    expect(fields.map(({ key, shape }) => [key, shape.kind])).toEqual([
      ['method', 'choice'],
      ['url', 'text'],
      ['body', 'text'],
      ['tries', 'number'],
      ['rules', 'list'],
      ['target', 'variants'],
      ['headers', 'map'],
    ]);
  });

  test('finds the hints through defaults and options', () => {
    expect(field('method').hints.title).toBe('Method');
    expect(field('body').hints).toMatchObject({ editor: 'json', showWhen: { field: 'method' } });
    expect(formField('x', z.string().meta({ title: 'Inner' }).optional().default('a')).hints.title).toBe('Inner');
  });

  test('knows what is required, the bounds and the defaults', () => {
    expect(field('url').isRequired).toBe(true);
    expect(field('tries').shape).toEqual({ kind: 'number', min: 1, max: 10, isInteger: true });
    expect(defaultOf(field('tries'))).toBe(3);
  });

  test('shows a field only while its neighbour says so', () => {
    expect(isShown(field('body'), fields, {})).toBe(false);
    expect(isShown(field('body'), fields, { method: 'POST' })).toBe(true);
  });

  test('starts an object with what a person can go on from', () => {
    expect(blankObject(fields)).toEqual({ method: 'GET', url: '', tries: 3, rules: [], target: { kind: 'email', to: '' }, headers: {} });
  });
});

test('every node of the catalog has a form without a field of unknown kind', () => {
  const unknown = (fields: ReturnType<typeof formFields>): string[] =>
    fields.flatMap((field) => {
      if (field.hints.widget) return [];
      if (field.shape.kind === 'json') return [field.key];
      if (field.shape.kind === 'group') return unknown(field.shape.fields);
      return field.shape.kind === 'list' && field.shape.item.shape.kind === 'group' ? unknown(field.shape.item.shape.fields) : [];
    });
  for (const definition of Object.values(catalog)) expect(unknown(formFields(definition.config)), definition.type).toEqual([]);
});

test('a field taken away gives its place back to the default', () => {
  expect(withKey({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
  expect(titleFromKey('maxTokens')).toBe('Max tokens');
});
