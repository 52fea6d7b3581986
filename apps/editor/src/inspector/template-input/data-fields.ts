import type { FlowFile, FlowNode } from '@holdfast/graph';
import type { Catalog, JsonObject, JsonValue, NodeDefinition, TriggerSource } from '@holdfast/node-kit';
import { z } from 'zod';
import { joinPath } from './chip-model.ts';

/** One value that staff can choose. */
export interface DataField {
  path: string;
  /** Its own name: `status`. */
  name: string;
  depth: number;
  value: JsonValue;
  /** Objects and lists can be opened; they can be inserted whole too. */
  hasChildren: boolean;
}

export type DataSource = 'trigger' | 'step' | 'contact' | 'conversation' | 'variables' | 'run';

export interface DataGroup {
  source: DataSource;
  /** The step, where the source is one. */
  node: FlowNode | null;
  fields: DataField[];
  /** Whether the values are of a real run, or the node's own example. */
  isFromRun: boolean;
}

/** The last known values, as the server gives them. */
export interface KnownData {
  trigger: JsonObject;
  nodes: Record<string, JsonValue>;
  contact: JsonObject | null;
  variables: JsonObject;
  hasRun: boolean;
}

const maxDepth = 5;
const maxFields = 120;
const maxItems = 3;

/** Every step that can have run before this one, nearest first. In a cycle that includes the step itself. */
export function stepsBefore(file: FlowFile, node: string): FlowNode[] {
  const seen = new Set<string>();
  const order: string[] = [];
  let frontier = [node];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const edge of file.edges) {
      if (!frontier.includes(edge.to.node) || seen.has(edge.from.node)) continue;
      seen.add(edge.from.node);
      order.push(edge.from.node);
      next.push(edge.from.node);
    }
    frontier = next;
  }
  return order.flatMap((id) => file.nodes.find((candidate) => candidate.id === id) ?? []);
}

/** Every step that can run after this one, nearest first: what a start answers its caller with is written when they have. */
export function stepsAfter(file: FlowFile, node: string): FlowNode[] {
  const turned = file.edges.map(({ from, to, ...edge }) => ({ ...edge, from: { ...from, node: to.node }, to: { ...to, node: from.node } }));
  return stepsBefore({ ...file, edges: turned }, node);
}

/** A value taken apart into rows, depth first. */
export function fieldsOf(path: string, value: JsonValue, depth = 0): DataField[] {
  const rows: DataField[] = [];
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? value.slice(0, maxItems).map((item, index) => [index, item])
    : isOpenable(value)
      ? Object.entries(value)
      : [];
  for (const [key, item] of entries) {
    if (rows.length >= maxFields) break;
    const itemPath = joinPath(path, key);
    const hasChildren = typeof item === 'object' && item !== null && Object.keys(item).length > 0 && depth < maxDepth;
    rows.push({ path: itemPath, name: String(key), depth, value: item, hasChildren });
    if (hasChildren) rows.push(...fieldsOf(itemPath, item, depth + 1));
  }
  return rows.slice(0, maxFields);
}

const isOpenable = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a step gives when no run tells: what its own settings say, else the output of its first sample that has one, else the names its schema promises. */
export function exampleOutput(definition: NodeDefinition, config: JsonObject): JsonValue {
  const described = definition.outputSchema?.(config);
  if (described) return exampleOfJsonSchema(described, 0);
  for (const sample of definition.samples) if (sample.expect.output !== undefined) return sample.expect.output;
  return definition.output ? exampleOfSchema(definition.output, 0) : null;
}

const plainExamples: Readonly<Record<string, JsonValue>> = { string: '', number: 0, integer: 0, boolean: false };

/** One item of each list, so that what is in it can be chosen. */
function exampleOfJsonSchema(schema: JsonValue | undefined, depth: number): JsonValue {
  if (schema === undefined || !isOpenable(schema) || depth > maxDepth + 1) return null;
  if (schema['type'] === 'array') return [exampleOfJsonSchema(schema['items'], depth + 1)];
  const { properties, example } = schema;
  if (example !== undefined) return example;
  if (properties === undefined || !isOpenable(properties))
    return typeof schema['type'] === 'string' ? (plainExamples[schema['type']] ?? null) : null;
  return Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, exampleOfJsonSchema(part, depth + 1)]));
}

function exampleOfSchema(schema: z.core.$ZodType, depth: number): JsonValue {
  if (depth > maxDepth) return null;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return exampleOfSchema(schema.unwrap(), depth);
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(Object.entries(schema.shape).map(([key, part]) => [key, exampleOfSchema(part, depth + 1)]));
  if (schema instanceof z.ZodArray) return [];
  return null;
}

/** What each source of events always brings; a trigger's own sample fills in the rest. */
const bySource: Record<TriggerSource, JsonObject> = {
  channel: { text: '', attachments: [], button: null, channel: { id: 'simulator', kind: 'simulator', name: 'Simulator' } },
  webhook: { method: 'POST', headers: {}, query: {}, body: {} },
  schedule: { firedAt: '2026-01-01T09:00:00.000Z', scheduledFor: '2026-01-01T09:00:00.000Z' },
  connection: {},
};

/** What the trigger brings when no run tells. */
export function exampleTrigger(file: FlowFile, catalog: Catalog): JsonObject {
  const example: JsonObject = {};
  for (const node of file.nodes) {
    const definition = catalog[node.type];
    if (definition?.kind !== 'trigger') continue;
    const sample = definition.samples.find((candidate) => candidate.input?.trigger);
    Object.assign(example, bySource[definition.source], sample?.input?.trigger);
  }
  return example;
}

/** Everything a value can be chosen from at this step, in the order people look for it. */
export function dataGroups(file: FlowFile, catalog: Catalog, node: string, known: KnownData): DataGroup[] {
  const hasTrigger = Object.keys(known.trigger).length > 0;
  const groups: DataGroup[] = [
    {
      source: 'trigger',
      node: null,
      fields: fieldsOf('trigger', hasTrigger ? known.trigger : exampleTrigger(file, catalog)),
      isFromRun: hasTrigger,
    },
  ];
  const isStart = catalog[file.nodes.find(({ id }) => id === node)?.type ?? '']?.kind === 'trigger';
  for (const step of isStart ? stepsAfter(file, node) : stepsBefore(file, node)) {
    const definition = catalog[step.type];
    if (!definition || definition.kind === 'trigger') continue;
    const fromRun = known.nodes[step.id];
    const value = fromRun ?? exampleOutput(definition, step.config);
    const path = `nodes.${step.id}`;
    const whole: DataField = { path, name: '', depth: 0, value, hasChildren: false };
    const fields = fieldsOf(path, value);
    groups.push({ source: 'step', node: step, fields: fields.length > 0 ? fields : [whole], isFromRun: fromRun !== undefined });
  }
  const contact: JsonObject = known.contact ?? { name: 'Ana', language: 'es', attributes: {} };
  groups.push({ source: 'contact', node: null, fields: fieldsOf('contact', contact), isFromRun: known.contact !== null });
  groups.push({ source: 'variables', node: null, fields: fieldsOf('variables', known.variables), isFromRun: true });
  return groups.filter((group) => group.fields.length > 0);
}

/** A value as one short line. */
export function previewOf(value: JsonValue, maxLength = 60): string {
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
