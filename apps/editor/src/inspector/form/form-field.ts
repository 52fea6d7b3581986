import type { FormHints } from '@holdfast/node-kit';
import { z } from 'zod';

/** One input of a generated form. Built from a zod schema and its hints; knows nothing of any node type. */
export interface FormField {
  key: string;
  hints: FormHints;
  isRequired: boolean;
  schema: z.ZodType;
  shape: FieldShape;
}

export type FieldShape =
  | { kind: 'text' }
  | { kind: 'number'; min: number | null; max: number | null; isInteger: boolean }
  | { kind: 'switch' }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'fixed'; value: string | number | boolean | null }
  | { kind: 'list'; item: FormField }
  | { kind: 'group'; fields: readonly FormField[] }
  /** An object that may take several forms; the discriminator says which. */
  | { kind: 'variants'; discriminator: string; variants: readonly { value: string; fields: readonly FormField[] }[] }
  | { kind: 'map'; value: FormField }
  | { kind: 'json' };

const fieldsByObject = new WeakMap<z.ZodObject, readonly FormField[]>();

/** The fields of a config schema, in the order they are written. */
export function formFields(schema: z.ZodObject): readonly FormField[] {
  const known = fieldsByObject.get(schema);
  if (known) return known;
  // Fixed values (discriminators) are no inputs.
  const fields = Object.entries(schema.shape)
    .map(([key, field]) => formField(key, asZodType(field)))
    .filter((field) => field.shape.kind !== 'fixed');
  fieldsByObject.set(schema, fields);
  return fields;
}

export function formField(key: string, schema: z.ZodType): FormField {
  const { inner, hints } = unwrap(schema);
  return { key, hints, schema, isRequired: !schema.safeParse(undefined).success, shape: shapeOf(inner) };
}

/** Zod keeps hints on the layer they were given to, so they are collected from every layer; the outermost wins. */
function unwrap(schema: z.ZodType): { inner: z.ZodType; hints: FormHints } {
  const hints: FormHints = {};
  Object.assign(hints, schema.meta());
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly;
  if (isWrapper) {
    const deeper = unwrap(asZodType(schema.unwrap()));
    return { inner: deeper.inner, hints: { ...deeper.hints, ...hints } };
  }
  if (schema instanceof z.ZodPipe) {
    const deeper = unwrap(asZodType(schema.in));
    return { inner: deeper.inner, hints: { ...deeper.hints, ...hints } };
  }
  return { inner: schema, hints };
}

function shapeOf(schema: z.ZodType): FieldShape {
  if (schema instanceof z.ZodNumber)
    return { kind: 'number', min: finite(schema.minValue), max: finite(schema.maxValue), isInteger: schema.format === 'safeint' };
  if (schema instanceof z.ZodBoolean) return { kind: 'switch' };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', options: schema.options.map(String) };
  if (schema instanceof z.ZodLiteral) return { kind: 'fixed', value: plainLiteral([...schema.values][0]) };
  if (schema instanceof z.ZodArray) return { kind: 'list', item: formField('', asZodType(schema.element)) };
  if (schema instanceof z.ZodObject) return { kind: 'group', fields: formFields(schema) };
  if (schema instanceof z.ZodRecord) return { kind: 'map', value: formField('', asZodType(schema.valueType)) };
  if (schema instanceof z.ZodDiscriminatedUnion) return variantsOf(schema);
  if (schema instanceof z.ZodUnion) return unionShape(schema);
  return schema instanceof z.ZodString || schema instanceof z.ZodStringFormat ? { kind: 'text' } : { kind: 'json' };
}

function variantsOf(schema: z.ZodDiscriminatedUnion): FieldShape {
  const { discriminator } = schema.def;
  const variants: { value: string; fields: readonly FormField[] }[] = [];
  for (const option of schema.options) {
    if (!(option instanceof z.ZodObject)) return { kind: 'json' };
    const mark = option.shape[discriminator];
    if (mark instanceof z.ZodLiteral) variants.push({ value: String([...mark.values][0]), fields: formFields(option) });
  }
  return { kind: 'variants', discriminator, variants };
}

/** A union of words is a choice; a union with text in it is edited as text; anything else as JSON. */
function unionShape(schema: z.ZodUnion): FieldShape {
  const shapes = schema.options.map((option) => shapeOf(unwrap(asZodType(option)).inner));
  if (shapes.every((shape) => shape.kind === 'fixed')) return { kind: 'choice', options: shapes.map((shape) => String(shape.value)) };
  return shapes.find((shape) => shape.kind === 'text' || shape.kind === 'number') ?? { kind: 'json' };
}

const finite = (bound: number | null): number | null =>
  bound !== null && Number.isFinite(bound) && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : null;
const plainLiteral = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

function asZodType(schema: unknown): z.ZodType {
  return schema instanceof z.ZodType ? schema : z.unknown();
}
