import { asHoldfastError } from '@holdfast/errors';
import { renderTemplate } from '@holdfast/graph';
import type { Scope } from '@holdfast/node-kit';

export type Preview = { kind: 'text'; text: string } | { kind: 'problem'; text: string };

/** What a text becomes with the values at hand, by the same engine that runs use; or why it can't be filled in. */
export function renderPreview(text: string, scope: Scope): Preview {
  try {
    return { kind: 'text', text: renderTemplate(text, scope).value };
  } catch (thrown) {
    return { kind: 'problem', text: asHoldfastError(thrown, 'template.invalid').detail };
  }
}
