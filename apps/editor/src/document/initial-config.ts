import { jsonObject, type JsonObject, type NodeDefinition } from '@holdfast/node-kit';
import { z } from 'zod';

/** The config of a step that was just added: every field's beginning or default, and nothing where the person must choose. */
export function initialConfig(definition: NodeDefinition): JsonObject {
  const config: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(definition.config.shape)) {
    const parsed = field.safeParse(z.globalRegistry.get(field)?.startsAs);
    if (parsed.success && parsed.data !== undefined) config[key] = parsed.data;
  }
  const json = jsonObject.safeParse(config);
  return json.success ? json.data : {};
}
