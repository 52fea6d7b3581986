import type { JsonValue, Scope } from '@holdfast/node-kit';

/** The value at a path like `nodes.lookup.body.items[0].name`; undefined when it isn't there. Own properties only. */
export function readPath(scope: Scope, path: string): JsonValue | undefined {
  let value: unknown = scope;
  for (const key of path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value as JsonValue | undefined; // a scope holds JSON only
}
