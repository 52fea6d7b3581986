import { portsOf, type JsonObject, type NodeDefinition, type Ports } from '@holdfast/node-kit';
import { initialConfig } from '../document/initial-config.ts';

const drawn = new WeakMap<JsonObject, JsonObject>();

/** A config complete enough to draw: parsed when it fits, else with the defaults of what is missing. Half-typed drafts are normal here. */
export function drawableConfig(definition: NodeDefinition, config: JsonObject): JsonObject {
  const known = drawn.get(config);
  if (known) return known;
  const parsed = definition.config.safeParse(config);
  // The parsed config of a flow file is JSON again, since it was JSON before.
  const result = parsed.success ? (parsed.data as JsonObject) : { ...initialConfig(definition), ...config };
  drawn.set(config, result);
  return result;
}

/** Two lines at most for the card; empty while the config is too incomplete to describe. */
export function describeStep(definition: NodeDefinition, config: JsonObject): string {
  try {
    return definition.describe?.(drawableConfig(definition, config)) ?? '';
  } catch {
    return '';
  }
}

export function drawnPorts(definition: NodeDefinition, config: JsonObject): Ports {
  try {
    return portsOf(definition, drawableConfig(definition, config));
  } catch {
    return {};
  }
}
