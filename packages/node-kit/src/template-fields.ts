import { z } from 'zod';
import type { JsonValue } from './json.ts';

/** One value that a template wants. `key` is its name in `MessageTemplate.parameters`. */
export interface TemplateField {
  key: string;
  part: 'header' | 'body' | 'button';
  /** `payload` comes back when the button is tapped, and may stay empty. */
  kind: 'text' | 'image' | 'video' | 'document' | 'url' | 'code' | 'payload';
  isNamed: boolean;
  /** What its author gave as an example. */
  example: string;
  /** Of a button, from 0. */
  index?: number;
}

/** A template as its provider describes it (WhatsApp's `components`). */
export interface TemplateDefinition {
  isNamed: boolean;
  components: readonly JsonValue[];
}

const examples = z
  .object({
    header_text: z.array(z.string()).optional(),
    header_handle: z.array(z.string()).optional(),
    body_text: z.array(z.array(z.string())).optional(),
    header_text_named_params: z.array(z.object({ param_name: z.string(), example: z.string() })).optional(),
    body_text_named_params: z.array(z.object({ param_name: z.string(), example: z.string() })).optional(),
  })
  .optional()
  .catch(undefined);
const button = z.object({
  type: z.string().default(''),
  text: z.string().default(''),
  url: z.string().optional(),
  example: z
    .union([z.array(z.string()), z.string().transform((one) => [one])])
    .optional()
    .catch(undefined),
});
const component = z.object({
  type: z.string().transform((type) => type.toUpperCase()),
  format: z
    .string()
    .transform((format) => format.toUpperCase())
    .optional(),
  text: z.string().default(''),
  example: examples,
  buttons: z.array(button).default([]),
});
type Component = z.infer<typeof component>;

export const readComponents = (components: readonly JsonValue[]): Component[] =>
  components.flatMap((one) => component.safeParse(one).data ?? []);

/** Every value that a template wants, in the order a person reads them. Pure. */
export function templateFields({ isNamed, components }: TemplateDefinition): TemplateField[] {
  return readComponents(components).flatMap((part) => {
    switch (part.type) {
      case 'HEADER':
        return headerField(part, isNamed);
      case 'BODY':
        return placeholdersIn(part.text).map((key, index) => ({
          key,
          part: 'body' as const,
          kind: 'text' as const,
          isNamed,
          example:
            part.example?.body_text_named_params?.find((one) => one.param_name === key)?.example ??
            part.example?.body_text?.[0]?.[index] ??
            '',
        }));
      case 'BUTTONS':
        return part.buttons.flatMap(buttonField);
      default:
        return [];
    }
  });
}

/** The names in `{{…}}`, each once. */
export const placeholdersIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g)].map((found) => found[1] ?? '')),
];

const mediaKinds: Readonly<Record<string, 'image' | 'video' | 'document'>> = { IMAGE: 'image', VIDEO: 'video', DOCUMENT: 'document' };

function headerField({ format, text, example }: Component, isNamed: boolean): TemplateField[] {
  const media = mediaKinds[format ?? 'TEXT'];
  if (media) return [{ key: 'header', part: 'header', kind: media, isNamed: false, example: example?.header_handle?.[0] ?? '' }];
  const [name] = placeholdersIn(text);
  if (name === undefined) return [];
  const shown = example?.header_text_named_params?.[0]?.example ?? example?.header_text?.[0] ?? '';
  return [{ key: isNamed ? name : 'header', part: 'header', kind: 'text', isNamed, example: shown }];
}

function buttonField({ type, url, example }: z.infer<typeof button>, index: number): TemplateField[] {
  const base = { key: `button.${index}`, part: 'button' as const, isNamed: false, example: example?.[0] ?? '', index };
  switch (type.toUpperCase()) {
    case 'URL':
      return url !== undefined && placeholdersIn(url).length > 0 ? [{ ...base, kind: 'url' }] : [];
    case 'COPY_CODE':
      return [{ ...base, kind: 'code' }];
    case 'QUICK_REPLY':
      return [{ ...base, kind: 'payload' }];
    default:
      return [];
  }
}
