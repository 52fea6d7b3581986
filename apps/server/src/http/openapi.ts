import { createHash } from 'node:crypto';
import { endpoints, permissions, problemDetails, type Endpoint } from '@holdfast/contracts';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';

/** OpenAPI 3.1 from the contracts: nothing is described twice. */
export function buildOpenapi(version: string): JsonObject {
  const shared: JsonObject = {};
  const schemaOf = (schema: z.core.$ZodType, io: 'input' | 'output') => hoist(toJsonSchema(schema, io), shared);
  const paths: Record<string, JsonObject> = {};
  for (const [operation, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: describe(operation, endpoint, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description: 'Every call that the editor makes. Errors are problem details (RFC 9457) with a stable code.',
    },
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: Authorization: Bearer hf_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdfast.session_token' },
      },
      schemas: { Problem: schemaOf(problemDetails, 'output'), ...shared },
    },
  };
}

type SchemaOf = (schema: z.core.$ZodType, io: 'input' | 'output') => JsonValue;

function describe(operation: string, endpoint: Endpoint, schemaOf: SchemaOf): JsonObject {
  const allowed: readonly string[] | null = permissions[endpoint.permission];
  const problem = {
    description: 'Problem details',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    operationId: operation,
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2] ?? 'system'],
    description: allowed === null ? 'Needs no session.' : `Roles: ${allowed.join(', ')}.`,
    security: allowed === null ? [] : [{ key: [] }, { session: [] }],
    parameters: [...parametersOf(endpoint.params, 'path', schemaOf), ...parametersOf(endpoint.query, 'query', schemaOf)],
    ...requestBodyOf(endpoint, schemaOf),
    responses: {
      [String(endpoint.status ?? 200)]: {
        description: 'Done',
        content: { [endpoint.media ?? 'application/json']: { schema: schemaOf(endpoint.response, 'output') } },
      },
      default: problem,
    },
  };
}

function requestBodyOf(endpoint: Endpoint, schemaOf: SchemaOf): JsonObject {
  if (endpoint.takesBytes) return { requestBody: { required: true, content: { 'application/octet-stream': { schema: {} } } } };
  if (!endpoint.body) return {};
  const required = !endpoint.body.safeParse(undefined).success;
  return { requestBody: { required, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query', schemaOf: SchemaOf): JsonValue[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !z.safeParse(field, undefined).success,
    schema: schemaOf(field, 'input'),
  }));
}

function toJsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): JsonObject {
  // Parsed from text: the generated object carries functions of the library's own.
  const { $schema: _, ...rest } = z
    .record(z.string(), z.json())
    .parse(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }))));
  return rest;
}

/** Recursive parts come as `$defs` of their own schema; in one document they are shared, by content. */
function hoist({ $defs = {}, ...schema }: JsonObject, shared: JsonObject): JsonValue {
  const names = new Map(
    Object.entries($defs ?? {}).map(([local, definition]) => [
      local,
      `Part${createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 8)}`,
    ]),
  );
  const renamed = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(renamed);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [
        key,
        key === '$ref' && typeof child === 'string' ? refTo(child, names) : renamed(child),
      ]),
    );
  };
  for (const [local, definition] of Object.entries($defs ?? {})) shared[names.get(local) ?? local] = renamed(definition);
  return renamed(schema);
}

function refTo(ref: string, names: ReadonlyMap<string, string>): string {
  const local = ref.replace('#/$defs/', '');
  return names.has(local) ? `#/components/schemas/${names.get(local)}` : ref;
}
