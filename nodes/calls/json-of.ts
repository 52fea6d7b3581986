import { HoldfastError, say } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';

/** Throws step.config when it is no JSON once its values are filled in. */
export function jsonOf(text: string, path: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue; // what JSON.parse makes is JSON
  } catch (error) {
    throw new HoldfastError('step.config', {
      detail: say`The content is not JSON once its values are filled in: ${error instanceof Error ? error.message : "it can't be read"}.`,
      hint: 'Look for missing commas and quotes: {"name": "{{ contact.name }}", "total": {{ trigger.body.total }}}.',
      path,
      cause: error,
    });
  }
}
