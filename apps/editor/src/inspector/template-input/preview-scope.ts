import type { FlowFile } from '@holdfast/graph';
import type { Catalog, JsonObject, JsonValue, Scope } from '@holdfast/node-kit';
import { exampleOutput, exampleTrigger, stepsBefore, type KnownData } from './data-fields.ts';

const text = (value: JsonValue | undefined, fallback: string): string => (typeof value === 'string' ? value : fallback);
const object = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** The values that previews and Try this step use: of the last run where there is one, else the steps' own examples. */
export function previewScope(file: FlowFile, catalog: Catalog, node: string, known: KnownData): Scope {
  const nodes: Record<string, JsonValue> = {};
  for (const step of stepsBefore(file, node)) {
    const definition = catalog[step.type];
    if (definition && definition.kind !== 'trigger') nodes[step.id] = known.nodes[step.id] ?? exampleOutput(definition, step.config);
  }
  const { contact } = known;
  return {
    trigger: Object.keys(known.trigger).length > 0 ? known.trigger : exampleTrigger(file, catalog),
    nodes,
    contact: {
      id: text(contact?.['id'], 'contact'),
      name: text(contact?.['name'], 'Ana'),
      language: text(contact?.['language'], 'es'),
      attributes: object(contact?.['attributes']),
    },
    conversation: { id: 'conversation', channel: 'simulator', channelKind: 'simulator', history: [] },
    variables: known.variables,
    run: { id: 'run', startedAt: '2026-01-01T10:00:00.000Z', flow: file.name },
  };
}
