import { portsOf, type JsonObject, type NodeDefinition, type Sample } from '@holdfast/node-kit';
import { z } from 'zod';

const kinds = {
  trigger: 'Starts a run',
  pure: 'Computes at once; also in the preview',
  effect: 'Reaches the world; retried under its policy',
  wait: 'Waits durably',
} as const;

const code = (text: string): string => `\`${text.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The schema below defaults and optional marks, and the default. */
function open(schema: z.core.$ZodType): { inner: z.core.$ZodType; standard: unknown } {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return { inner: open(schema.def.innerType).inner, standard: schema.def.defaultValue };
  if (schema instanceof z.ZodOptional) return open(schema.def.innerType);
  return { inner: schema, standard: undefined };
}

function settingRow(key: string, schema: z.core.$ZodType): string {
  const { inner, standard } = open(schema);
  const { title = key, description = '', options, template } = { ...z.globalRegistry.get(inner), ...z.globalRegistry.get(schema) };
  const choice = options
    ? Object.entries(options)
        .map(([value, text]) => `${code(value)} ${text}`)
        .join(', ')
    : '';
  const shown = standard === undefined ? '' : JSON.stringify(standard);
  const text = [description, choice, template ? 'Values can be inserted.' : ''].filter((part) => part !== '').join(' ');
  return `| ${cell(String(title))} | ${code(key)} | ${cell(text)} | ${shown === '' || shown.length > 60 ? '' : code(shown)} |`;
}

const exitRow = ([id, port]: [string, { label: string; mandatory?: boolean; unhappy?: boolean }]): string =>
  `| ${code(id)} | ${cell(port.label)}${port.mandatory ? ' (must be connected)' : ''} |`;

function exits(definition: NodeDefinition): string[] {
  const first: JsonObject = definition.samples[0]?.config ?? {};
  const ports = Object.entries(portsOf(definition, first));
  if (ports.length === 0) return ['None: this way ends here.'];
  const remark = typeof definition.ports === 'function' ? ['', 'They depend on the settings; these are those of the first example.'] : [];
  return ['| Exit | Shown as |', '|---|---|', ...ports.map(exitRow), ...remark];
}

const example = (sample: Sample): string =>
  `- **${sample.name}**: ${code(JSON.stringify(sample.config))}${sample.input?.trigger?.['text'] === undefined ? '' : ` on ${code(JSON.stringify(sample.input.trigger['text']))}`} leaves by ${code(sample.expect.port)}`;

/** The page of a node, made of its definition alone; `node nodes/write-readmes.ts` writes it, a test compares it. */
export function readmeOf(definition: NodeDefinition): string {
  const settings = Object.entries(definition.config.shape).map(([key, schema]) => settingRow(key, schema));
  return [
    `# ${definition.title}`,
    '',
    `\`${definition.type}\` · ${kinds[definition.kind]}`,
    '',
    definition.summary,
    '',
    '## Settings',
    '',
    '| Setting | Name in the file | What it does | Default |',
    '|---|---|---|---|',
    ...settings,
    '',
    '## Exits',
    '',
    ...exits(definition),
    '',
    '## Examples',
    '',
    ...definition.samples.map(example),
    '',
  ].join('\n');
}
