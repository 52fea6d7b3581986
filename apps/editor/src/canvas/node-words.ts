import type { FormHints, NodeDefinition, Port } from '@holdfast/node-kit';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

/** English sentence to Spanish sentence: one file beside each node, and one for what several nodes say. */
const sentences = z.record(z.string(), z.string());
const files = import.meta.glob<unknown>('../../../../nodes/*/es.json', { eager: true, import: 'default' });
const spanish = new Map<string, z.infer<typeof sentences>>();
for (const [path, raw] of Object.entries(files)) {
  const parsed = sentences.safeParse(raw);
  const folder = /\/nodes\/([^/]+)\//.exec(path)?.[1];
  if (parsed.success && folder) spanish.set(folder, parsed.data);
}

/** What people read of a node type, in the language of the interface; English is in the definition itself. */
export interface NodeWords {
  title: (definition: NodeDefinition) => string;
  summary: (definition: NodeDefinition) => string;
  port: (type: string, id: string, port: Port) => string;
  hints: (type: string, path: string, hints: FormHints) => FormHints;
  sample: (type: string, index: number, name: string) => string;
  /** Any sentence of a node: a message of its schema, a reason or a fix of its check. */
  say: (type: string, text: string) => string;
}

export function nodeWords(language: string): NodeWords {
  const isSpanish = language.startsWith('es');
  const say = (type: string, text: string): string =>
    isSpanish ? (spanish.get(type)?.[text] ?? spanish.get('fields')?.[text] ?? text) : text;
  return {
    say,
    title: (definition) => say(definition.type, definition.title),
    summary: (definition) => say(definition.type, definition.summary),
    port: (type, _id, port) => say(type, port.label),
    hints: (type, _path, hints) => {
      const { title, description, placeholder, options } = hints;
      return {
        ...hints,
        ...(title === undefined ? {} : { title: say(type, title) }),
        ...(description === undefined ? {} : { description: say(type, description) }),
        ...(placeholder === undefined ? {} : { placeholder: say(type, placeholder) }),
        ...(options === undefined
          ? {}
          : { options: Object.fromEntries(Object.entries(options).map(([value, text]) => [value, say(type, text)])) }),
      };
    },
    sample: (type, _index, name) => say(type, name),
  };
}

export function useNodeWords(): NodeWords {
  const { i18n } = useTranslation();
  return useMemo(() => nodeWords(i18n.language), [i18n.language]);
}
