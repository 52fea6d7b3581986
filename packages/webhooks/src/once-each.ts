import type { JsonObject } from '@holdfast/node-kit';

/** A live trigger's config is the same object for thousands of calls: looked at with its schema once. */
export function onceEach<T extends object>(read: (config: JsonObject) => T): (config: JsonObject) => T {
  const known = new WeakMap<JsonObject, T>();
  return (config) => {
    const found = known.get(config) ?? read(config);
    known.set(config, found);
    return found;
  };
}
