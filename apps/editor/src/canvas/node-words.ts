import type { FormHints, NodeDefinition, Port } from '@holdfast/node-kit';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

const fieldWords = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  placeholder: z.string().optional(),
  options: z.record(z.string(), z.string()).optional(),
});
const spanishOfNode = z.object({
  title: z.string().optional(),
  summary: z.string().optional(),
  ports: z.record(z.string(), z.string()).default({}),
  fields: z.record(z.string(), fieldWords).default({}),
  samples: z.array(z.string()).default([]),
});
type SpanishOfNode = z.infer<typeof spanishOfNode>;

const files = import.meta.glob<unknown>('../../../../nodes/*/es.json', { eager: true, import: 'default' });
const spanish = new Map<string, SpanishOfNode>();
for (const [path, raw] of Object.entries(files)) {
  const parsed = spanishOfNode.safeParse(raw);
  const type = /\/nodes\/([^/]+)\//.exec(path)?.[1];
  if (parsed.success && type) spanish.set(type, parsed.data);
}

/** What people read of a node type, in the language of the interface; English is in the definition itself. */
export interface NodeWords {
  title: (definition: NodeDefinition) => string;
  summary: (definition: NodeDefinition) => string;
  port: (type: string, id: string, port: Port) => string;
  /** `path` is the field's way through the config without list positions: `rules.words`. */
  hints: (type: string, path: string, hints: FormHints) => FormHints;
  sample: (type: string, index: number, name: string) => string;
}

export function nodeWords(language: string): NodeWords {
  const of = (type: string): SpanishOfNode | undefined => (language.startsWith('es') ? spanish.get(type) : undefined);
  return {
    title: (definition) => of(definition.type)?.title ?? definition.title,
    summary: (definition) => of(definition.type)?.summary ?? definition.summary,
    port: (type, id, port) => of(type)?.ports[id] ?? port.label,
    hints: (type, path, hints) => {
      const words = of(type)?.fields[path];
      if (!words) return hints;
      return Object.assign({}, hints, words);
    },
    sample: (type, index, name) => of(type)?.samples[index] ?? name,
  };
}

export function useNodeWords(): NodeWords {
  const { i18n } = useTranslation();
  return useMemo(() => nodeWords(i18n.language), [i18n.language]);
}
