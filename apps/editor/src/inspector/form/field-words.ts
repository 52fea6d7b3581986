import type { FormHints } from '@holdfast/node-kit';
import { useNodeWords } from '../../canvas/node-words.ts';
import { useFormContext } from './form-context.tsx';
import { titleFromKey } from './form-value.ts';

/** The hints of a field in the reader's language. Its path without list positions is its name in `es.json`: `rules.words`. */
export function useFieldWords(path: string, key: string, hints: FormHints): FormHints & { title: string } {
  const { type } = useFormContext();
  const words = useNodeWords().hints(
    type,
    path
      .split('.')
      .filter((part) => !/^\d+$/.test(part))
      .join('.'),
    hints,
  );
  return { ...words, title: words.title ?? titleFromKey(key) };
}
