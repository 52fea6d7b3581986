export interface Lru<V> {
  get: (key: string) => V | undefined;
  set: (key: string, value: V) => void;
  delete: (key: string) => void;
}

/** The most recently used values, at most `size` of them. */
export function createLru<V>(size: number): Lru<V> {
  const kept = new Map<string, V>();
  return {
    get: (key) => {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    delete: (key) => void kept.delete(key),
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.keys().next();
      if (kept.size > size && !oldest.done) kept.delete(oldest.value);
    },
  };
}
