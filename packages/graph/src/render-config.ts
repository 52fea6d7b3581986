import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, NodeDefinition, Scope } from '@holdfast/node-kit';
import { renderAddress } from './render-address.ts';
import { renderJsonTemplate } from './render-json-template.ts';
import { evaluateTemplate, renderTemplate } from './render-template.ts';
import { mapReadingFields, type ReadingField } from './reading-fields.ts';

/**
 * A step's config as it runs: checked and completed with defaults, then its templates filled in, each once; what comes in
 * is never looked at as a template or against the schema again. `onMissing` hears of names that the data doesn't have: a
 * missing value must not keep a customer from a reply, so it is rendered as nothing and told as a fact.
 * Throws step.config or template.invalid, with the field as `path`.
 */
export function renderConfig(
  definition: NodeDefinition,
  config: JsonObject,
  scope: Scope,
  onMissing: (name: string) => void = () => undefined,
): JsonObject {
  const parsed = definition.config.safeParse(config);
  if (!parsed.success) throw unfit(parsed.error.issues[0]);
  const rendered = mapReadingFields(definition.config, parsed.data, (field) => {
    if (field.reads !== 'template') return field.text;
    const { value, missing } = fill(field, scope);
    missing.forEach(onMissing);
    return value;
  });
  return rendered as JsonObject; // an object schema's output, with texts replaced by JSON values
}

function fill(field: ReadingField, scope: Scope) {
  try {
    if (field.writes === 'json') return renderJsonTemplate(field.text, scope);
    if (field.writes === 'address') return renderAddress(field.text, scope);
    return field.keepsType ? evaluateTemplate(field.text, scope) : renderTemplate(field.text, scope);
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    throw new HoldfastError(error.code, {
      detail: error.detail,
      ...(error.hint ? { hint: error.hint } : {}),
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
