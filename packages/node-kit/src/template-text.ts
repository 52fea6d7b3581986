import { readComponents, templateFields, type TemplateDefinition } from './template-fields.ts';

/** A template as its reader sees it. Where a value is missing its name stays: `{{1}}`. */
export interface TemplateText {
  header: string;
  body: string;
  footer: string;
  buttons: string[];
}

export function templateText(definition: TemplateDefinition, parameters: Readonly<Record<string, string>>): TemplateText {
  const parts = readComponents(definition.components);
  const textOf = (type: string) => parts.find((part) => part.type === type)?.text ?? '';
  const headerKey = templateFields(definition).find(({ part }) => part === 'header')?.key;
  return {
    header: fill(textOf('HEADER'), (name) => parameters[headerKey ?? name]),
    body: fill(textOf('BODY'), (name) => parameters[name]),
    footer: textOf('FOOTER'),
    buttons: parts.flatMap(({ buttons }) => buttons.map(({ text }) => text)),
  };
}

const fill = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replaceAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (whole, name: string) => {
    const value = valueOf(name);
    return value === undefined || value === '' ? whole : value;
  });
