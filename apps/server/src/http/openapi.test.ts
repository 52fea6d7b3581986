import { endpoints, type Endpoint } from '@holdfast/contracts';
import type { JsonValue } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { buildOpenapi } from './openapi.ts';

const document = buildOpenapi('1.2.3');

function refsOf(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(refsOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => (key === '$ref' && typeof child === 'string' ? [child] : refsOf(child)));
}

describe('the OpenAPI document', () => {
  test('describes every call of the contract', () => {
    const described = Object.entries(document['paths'] as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      Object.values<Endpoint>(endpoints)
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
        .sort(),
    );
  });

  test('names no schema that it does not hold', () => {
    const schemas = (document['components'] as { schemas: object }).schemas;
    expect(
      refsOf(document)
        .map((ref) => ref.replace('#/components/schemas/', ''))
        .filter((name) => !Object.hasOwn(schemas, name)),
    ).toEqual([]);
  });
});
