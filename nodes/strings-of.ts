import { portsOf, type JsonObject, type NodeDefinition } from '@holdfast/node-kit';
import { z } from 'zod';

/** Codes, names, addresses and patterns are the same in every language: they have no blank, or no two small letters in a row. */
const isWords = (text: string): boolean =>
  /\p{Ll}{2}/u.test(text) && !/^(https?:|\{\{|\(\?)/.test(text) && !/^\S*[-/_\d]\S*$/.test(text) && !/^[a-z]+$/.test(text);

function hintsOf(schema: z.core.$ZodType): string[] {
  const { title, description, placeholder, options } = z.globalRegistry.get(schema) ?? {};
  return [title, description, placeholder, ...Object.values(options ?? {})]
    .filter((text) => text !== undefined && isWords(text))
    .map(String);
}

const said = z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]);

/** Messages that a schema's own rules give; those that zod words itself are the editor's to translate. */
function messagesOf(schema: z.core.$ZodType): string[] {
  const { def } = schema._zod;
  const rules = [def, ...(def.checks ?? []).map((check) => check._zod.def)];
  return rules.flatMap(({ error }) => (error ? (said.safeParse(Reflect.apply(error, undefined, [{}])).data ?? []) : []));
}

function childrenOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape);
  if (schema instanceof z.ZodArray) return [schema.def.element];
  if (schema instanceof z.ZodRecord) return [schema.def.keyType, schema.def.valueType];
  if (schema instanceof z.ZodUnion) return [...schema.options];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  )
    return [schema.def.innerType];
  return [];
}

const stringsOfSchema = (schema: z.core.$ZodType): string[] => [
  ...hintsOf(schema),
  ...messagesOf(schema),
  ...childrenOf(schema).flatMap(stringsOfSchema),
];

/** Labels of ports; those that staff wrote into the config are theirs. */
function labelsOf(definition: NodeDefinition, config: JsonObject): string[] {
  const own = JSON.stringify({ config, fresh: definition.config.safeParse(config).data });
  return Object.values(portsOf(definition, config))
    .map((port) => port.label)
    .filter((label) => !own.includes(JSON.stringify(label)));
}

/** What a preset writes for people; names of fields and values that are inserted are the same in every language. */
const written = new Set(['name', 'title', 'heading', 'text', 'textRight', 'label', 'footer']);
const stringsOfPreset = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== 'string') return stringsOfPreset(inner);
    return written.has(key) && isWords(inner.replaceAll(/\{\{.*?\}\}/g, '')) ? [inner] : [];
  });
};

/**
 * The texts of a definition that people read, in English: what its es.json has to hold. What a `check` or a rule across
 * fields says is computed, so it is not in this list; the node's own tests look after it.
 */
export function stringsOf(definition: NodeDefinition): string[] {
  const labels = [{}, ...definition.samples.map((sample) => sample.config)].flatMap((config) => labelsOf(definition, config));
  const names = definition.samples.map((sample) => sample.name);
  const presets = (definition.presets ?? []).flatMap(stringsOfPreset);
  return [...new Set([definition.title, definition.summary, ...labels, ...names, ...presets, ...stringsOfSchema(definition.config)])];
}
