import { jsonObject, type JsonObject, type NodeDefinition } from '@holdfast/node-kit';

/** The config of a step that was just added: every field's default, and nothing where the person must choose. */
export function initialConfig(definition: NodeDefinition): JsonObject {
  const config: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(definition.config.shape)) {
    const parsed = field.safeParse(undefined);
    if (parsed.success && parsed.data !== undefined) config[key] = parsed.data;
  }
  const json = jsonObject.safeParse(config);
  return json.success ? json.data : {};
}
