import { asHoldfastError } from '@holdfast/errors';
import { evaluateTemplate, renderTemplate } from '@holdfast/graph';
import { fileRef, type JsonValue, type Scope } from '@holdfast/node-kit';
import { previewOf } from './data-fields.ts';

export type Preview = { kind: 'text'; text: string } | { kind: 'problem'; text: string };

/** A file is known to people by its name. */
const inWords = (value: JsonValue): string => fileRef.safeParse(value).data?.name ?? previewOf(value);

/** What a text becomes with the values at hand, by the same engine that runs use; or why it can't be filled in. */
export function renderPreview(text: string, scope: Scope, keepsType = false): Preview {
  try {
    return { kind: 'text', text: keepsType ? inWords(evaluateTemplate(text, scope).value) : renderTemplate(text, scope).value };
  } catch (thrown) {
    return { kind: 'problem', text: asHoldfastError(thrown, 'template.invalid').detail };
  }
}
