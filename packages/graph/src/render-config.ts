import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, NodeDefinition, Scope } from '@holdfast/node-kit';
import { renderAddress } from './render-address.ts';
import { renderJsonTemplate } from './render-json-template.ts';
import { renderRichTemplate } from './render-rich-template.ts';
import { evaluateTemplate, hasTemplate, renderTemplate } from './render-template.ts';
import { mapReadingFields, type ReadingField } from './reading-fields.ts';

/** Fills a step's config in. Throws step.config or template.invalid, with the field as `path`. */
export type FillConfig = (scope: Scope, onMissing?: (name: string) => void) => JsonObject;

/**
 * A step's config as it runs: checked and completed with defaults, then its templates filled in, each once; what comes in
 * is never looked at as a template or against the schema again. `onMissing` hears of names that the data doesn't have: a
 * missing value must not keep a customer from a reply, so it is rendered as nothing and told as a fact.
 * Throws step.config or template.invalid, with the field as `path`.
 */
export const renderConfig = (
  definition: NodeDefinition,
  config: JsonObject,
  scope: Scope,
  onMissing?: (name: string) => void,
): JsonObject => prepareConfig(definition, config)(scope, onMissing);

/** `renderConfig` for a config that is rendered again and again: looked at with its schema once, at the first time. */
export function prepareConfig(definition: NodeDefinition, config: JsonObject): FillConfig {
  let drawn: unknown;
  return (scope, onMissing) => {
    drawn ??= draw(definition, config);
    return fillIn(drawn, (field) => {
      const { value, missing } = fill(field, scope);
      if (onMissing) missing.forEach(onMissing);
      return value;
    }) as JsonObject; // an object schema's output, with texts replaced by JSON values
  };
}

/** A template in a checked config, in place of its text. */
class Blank {
  readonly field: ReadingField;
  constructor(field: ReadingField) {
    this.field = field;
  }
}

function draw(definition: NodeDefinition, config: JsonObject): unknown {
  const parsed = definition.config.safeParse(config);
  if (!parsed.success) throw unfit(parsed.error.issues[0]);
  return mapReadingFields(definition.config, parsed.data, (field) =>
    field.reads === 'template' && hasTemplate(field.text) ? new Blank(field) : field.text,
  );
}

/** A copy all through: who gets a filled-in config may do with it what he likes. */
function fillIn(drawn: unknown, write: (field: ReadingField) => unknown): unknown {
  if (drawn instanceof Blank) return write(drawn.field);
  if (Array.isArray(drawn)) return drawn.map((item) => fillIn(item, write));
  if (typeof drawn !== 'object' || drawn === null) return drawn;
  return Object.fromEntries(Object.entries(drawn).map(([key, item]) => [key, fillIn(item, write)]));
}

function fill(field: ReadingField, scope: Scope) {
  try {
    if (field.writes === 'json') return renderJsonTemplate(field.text, scope);
    if (field.writes === 'address') return renderAddress(field.text, scope);
    if (field.writes === 'rich') return renderRichTemplate(field.text, scope);
    return field.keepsType ? evaluateTemplate(field.text, scope) : renderTemplate(field.text, scope);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    throw new HoldfastError(error.code, {
      detail: error.words.detail,
      ...(error.words.hint ? { hint: error.words.hint } : {}),
      path: field.path,
      cause: error,
    });
  }
}

const unfit = (issue: { path: PropertyKey[]; message: string } | undefined): HoldfastError =>
  new HoldfastError('step.config', {
    detail: issue?.message ?? 'The settings do not fit.',
    path: issue?.path.map(String).join('.') ?? '',
    hint: 'Open the step and correct the setting.',
  });
