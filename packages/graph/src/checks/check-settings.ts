import type { CheckWorld, ConfigFinding, JsonObject, JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import type { FlowView, ViewedNode } from './flow-view.ts';

/** Settings that are missing or don't fit, unknown kinds of steps, and what each kind finds in its own settings. */
export function checkSettings(flow: FlowView, world?: CheckWorld): Finding[] {
  return [...flow.nodes.values()].flatMap((viewed) => checkNode(viewed, world));
}

function checkNode({ node, label, definition }: ViewedNode, world?: CheckWorld): Finding[] {
  if (!definition)
    return [
      {
        code: 'node.unknown-type',
        severity: 'error',
        node: node.id,
        reason: `${label} is a kind of step that this Holdfast does not know.`,
        fix: 'Update Holdfast, or replace the step.',
      },
    ];
  const parsed = definition.config.safeParse(node.config);
  if (!parsed.success) return parsed.error.issues.map((issue) => configFinding({ issue, label, node: node.id, schema: definition.config }));
  const config = parsed.data as JsonObject; // a config schema's output is an object
  const own: ConfigFinding[] = definition.check?.(config, world ?? assumedWorld(config)) ?? [];
  return own.map((found) => ({
    code: found.severity === 'error' ? 'node.config' : 'node.advice',
    severity: found.severity,
    node: node.id,
    field: found.field,
    reason: `${label}: ${found.reason}`,
    fix: found.fix,
  }));
}

interface UnfitSetting {
  issue: z.core.$ZodIssue;
  label: string;
  node: string;
  schema: z.ZodObject;
}

function configFinding({ issue, label, node, schema }: UnfitSetting): Finding {
  const found: { code: 'node.config'; severity: 'error'; node: string } = { code: 'node.config', severity: 'error', node };
  if (issue.code === 'unrecognized_keys') {
    const field = [...issue.path, issue.keys[0] ?? ''].map(String).join('.');
    return { ...found, field, reason: `${label} has no setting "${field}".`, fix: 'Remove it from the file.' };
  }
  const field = issue.path.map(String).join('.');
  const title = titleAt(schema, issue.path) ?? field;
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (isMissing) return { ...found, field, reason: `${label} needs "${title}".`, fix: `Open the step and fill in "${title}".` };
  return {
    ...found,
    field,
    reason: `${label}: ${isOurs(issue.message) ? issue.message : `"${title}" does not fit`}.`,
    fix: `Open the step and correct "${title}".`,
  };
}

/** zod's own messages speak of strings and types; those given in a schema speak to people. */
const isOurs = (message: string): boolean =>
  !/^(Invalid (input|option|string|key|element|value|number|union|format)|Too (small|big)|Unrecognized key)/i.test(message);

/** What the form calls a setting. */
export function titleAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string | undefined {
  let inner: z.core.$ZodType | undefined = schema;
  let title: string | undefined;
  for (const key of path) {
    inner = propertyOf(inner, key);
    for (let layer = inner; layer; layer = layerBelow(layer)) title = z.globalRegistry.get(layer)?.title ?? title;
  }
  return title;
}

function propertyOf(schema: z.core.$ZodType | undefined, key: PropertyKey): z.core.$ZodType | undefined {
  let bare = schema;
  for (let below = bare && layerBelow(bare); below; below = layerBelow(below)) bare = below;
  if (bare instanceof z.ZodObject) return typeof key === 'string' && Object.hasOwn(bare.shape, key) ? bare.shape[key] : undefined;
  if (bare instanceof z.ZodArray) return bare.def.element;
  return bare instanceof z.ZodRecord ? bare.def.valueType : undefined;
}

function layerBelow(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodCatch
  )
    return schema.def.innerType;
  return undefined;
}

/** A workspace that has whatever the config names, for checking where nothing is known about the real one. */
function assumedWorld(config: JsonObject): CheckWorld {
  const named = textsIn(config).map((text) => ({ id: text, name: text, kind: text }));
  return { credentials: named, channels: named, variables: named.map(({ name }) => name) };
}

const textsIn = (value: JsonValue): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
