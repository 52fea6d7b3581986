import type { FormHints } from '@holdfast/node-kit';
import { z } from 'zod';

/** A text in a config that names values of the run. */
export interface ReadingField {
  text: string;
  /** Into the config, dotted: `headers.0.value`. */
  path: string;
  /** Liquid to be filled in; a name without braces, `trigger.text`; or a condition in CEL. */
  reads: 'template' | 'path' | 'cel';
  /** A template that is one expression keeps its value's type. */
  keepsType: boolean;
  /** What the template writes; but for a plain text, values go in as data. */
  writes: 'text' | 'json' | 'address' | 'rich';
}

type Hints = Pick<FormHints, 'template' | 'keepsType' | 'reads' | 'editor' | 'insertsAs'>;

/**
 * A copy of a config in which every text that the schema marks as reading values is replaced by what `replace` makes of it.
 * A mark on a list, a record or a union holds for all texts below it. What doesn't fit the schema stays as it is.
 */
export function mapReadingFields(schema: z.core.$ZodType, value: unknown, replace: (field: ReadingField) => unknown): unknown {
  return map({ schema, value, path: '', hints: {}, isRich: isRich(value), replace });
}

const isRich = (config: unknown): boolean =>
  typeof config === 'object' && config !== null && 'textFormat' in config && config.textFormat === 'rich';

interface Place {
  schema: z.core.$ZodType | undefined;
  value: unknown;
  path: string;
  hints: Hints;
  isRich: boolean;
  replace: (field: ReadingField) => unknown;
}

function map(place: Place): unknown {
  const { value, path, replace } = place;
  const { schema, hints } = unwrap(place);
  const reads = hints.template ? 'template' : hints.reads;
  if (typeof value === 'string')
    return reads
      ? replace({
          text: value,
          path,
          reads,
          keepsType: hints.keepsType ?? false,
          writes: writesOf(hints, place.isRich),
        })
      : value;
  if (Array.isArray(value))
    return value.map((item, index) => map({ ...place, hints, schema: elementOf(schema, index), value: item, path: join(path, index) }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      map({ ...place, hints, schema: propertyOf(schema, key), value: item, path: join(path, key) }),
    ]),
  );
}

function writesOf({ insertsAs, editor }: Hints, isRich: boolean): ReadingField['writes'] {
  if (insertsAs === 'address') return 'address';
  if (insertsAs === 'rich' && isRich) return 'rich';
  return editor === 'json' ? 'json' : 'text';
}

/** The schema that says what is inside, and the hints gathered on the way to it. */
function unwrap({ schema, value, hints }: Place): { schema: z.core.$ZodType | undefined; hints: Hints } {
  let inner = schema;
  let found = hints;
  for (;;) {
    if (!inner) return { schema: undefined, hints: found };
    const meta = z.globalRegistry.get(inner);
    if (meta?.template !== undefined || meta?.reads !== undefined) found = meta;
    const next = innerOf(inner, value);
    if (!next) return { schema: inner, hints: found };
    inner = next;
  }
}

function innerOf(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return schema.def.innerType;
  if (schema instanceof z.ZodNonOptional || schema instanceof z.ZodReadonly || schema instanceof z.ZodCatch) return schema.def.innerType;
  if (schema instanceof z.ZodPipe) return schema.def.in;
  if (schema instanceof z.ZodLazy) return schema.def.getter();
  if (schema instanceof z.ZodUnion) return schema.options.find((option) => z.safeParse(option, value).success) ?? schema.options[0];
  return undefined;
}

function elementOf(schema: z.core.$ZodType | undefined, index: number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.def.element;
  return schema instanceof z.ZodTuple ? (schema.def.items[index] ?? schema.def.rest ?? undefined) : undefined;
}

function propertyOf(schema: z.core.$ZodType | undefined, key: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
  return schema instanceof z.ZodRecord ? schema.def.valueType : undefined;
}

const join = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
