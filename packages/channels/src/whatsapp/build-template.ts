import { templateFields, type JsonObject, type JsonValue, type TemplateDefinition, type TemplateField } from '@holdfast/node-kit';

/**
 * The values of a template where Meta wants them. What goes where is told by the template's own definition; a template that was never
 * fetched can only have values in its body, in the order of their names "1", "2", … or by name. Meta counts them and refuses what doesn't fit.
 */
export function buildTemplate(
  parameters: Readonly<Record<string, string>>,
  definition: TemplateDefinition | null,
): { components?: JsonValue[] } {
  const fields = definition ? templateFields(definition) : Object.keys(parameters).toSorted(inOrder).map(bodyField);
  const filled = fields.map((field) => ({ field, value: parameters[field.key] ?? '' }));
  const parts = [headerOf(filled), bodyOf(filled), ...buttonsOf(filled)].filter((part) => part !== null);
  return parts.length === 0 ? {} : { components: parts };
}

interface Filled {
  field: TemplateField;
  value: string;
}

const inOrder = (a: string, b: string): number => Number(a) - Number(b) || a.localeCompare(b);
const bodyField = (key: string): TemplateField => ({ key, part: 'body', kind: 'text', isNamed: !/^\d+$/.test(key), example: '' });

function headerOf(filled: readonly Filled[]): JsonObject | null {
  const [header] = filled.filter(({ field }) => field.part === 'header');
  if (!header) return null;
  const { field, value } = header;
  if (field.kind === 'text') return { type: 'header', parameters: [textOf(field, value)] };
  return { type: 'header', parameters: [{ type: field.kind, [field.kind]: { link: value } }] };
}

function bodyOf(filled: readonly Filled[]): JsonObject | null {
  const parameters = filled.filter(({ field }) => field.part === 'body').map(({ field, value }) => textOf(field, value));
  return parameters.length === 0 ? null : { type: 'body', parameters };
}

const textOf = ({ key, isNamed }: TemplateField, value: string): JsonObject => ({
  type: 'text',
  ...(isNamed ? { parameter_name: key } : {}),
  text: plain(value),
});

/** Meta refuses line breaks, tabs and rows of spaces in a value. */
const plain = (value: string): string =>
  value
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(/ {4,}/g, '   ')
    .trim();

function buttonsOf(filled: readonly Filled[]): JsonObject[] {
  return filled.flatMap(({ field, value }): JsonObject[] => {
    if (field.part !== 'button' || value === '') return [];
    const base = { type: 'button', index: String(field.index ?? 0) };
    if (field.kind === 'url') return [{ ...base, sub_type: 'url', parameters: [{ type: 'text', text: plain(value) }] }];
    if (field.kind === 'code')
      return [{ ...base, sub_type: 'copy_code', parameters: [{ type: 'coupon_code', coupon_code: plain(value) }] }];
    return [{ ...base, sub_type: 'quick_reply', parameters: [{ type: 'payload', payload: value }] }];
  });
}
