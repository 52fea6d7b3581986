import { z } from 'zod';

/** What Liquid reads of lists and texts without anybody having put it there. */
const builtIn = new Set(['size', 'first', 'last']);

/** Whether a path may exist in data of this schema; where the schema doesn't say, it may. */
export function hasProperty(schema: z.core.$ZodType | undefined, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (!schema || key === undefined || builtIn.has(key)) return true;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return hasProperty(schema.def.innerType, path);
  if (schema instanceof z.ZodUnion) return schema.options.some((option) => hasProperty(option, path));
  if (schema instanceof z.ZodArray) return /^\d+$/.test(key) && hasProperty(schema.def.element, rest);
  if (schema instanceof z.ZodRecord) return hasProperty(schema.def.valueType, rest);
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, key)
      ? hasProperty(schema.shape[key], rest)
      : schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever);
  return !(
    schema instanceof z.ZodString ||
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodBoolean ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodNull
  );
}
