const chunkSize = 32;
type Chunk<V> = readonly (readonly [key: string, value: V])[];

/**
 * A map that never changes: `with` answers a new one, which shares all but one chunk with the old. Keys keep the order in
 * which they came and are never taken out. Made for a run's steps: 500 copies of a plain Map of 500 steps cost more than
 * the run itself. One `with` copies 32 entries and a list of size / 32 chunks.
 */
export class GrowingMap<V> implements ReadonlyMap<string, V> {
  readonly size: number;
  readonly #chunks: readonly Chunk<V>[];
  /** Shared by all maps of one history and grown by the newest only: an older one overlooks every slot beyond its size. */
  readonly #slots: Map<string, number>;

  private constructor(size: number, chunks: readonly Chunk<V>[], slots: Map<string, number>) {
    this.size = size;
    this.#chunks = chunks;
    this.#slots = slots;
  }

  static empty<V>(): GrowingMap<V> {
    return new GrowingMap<V>(0, [], new Map());
  }

  with(key: string, value: V): GrowingMap<V> {
    const known = this.#slot(key);
    const slot = known ?? this.size;
    const chunks = this.#chunks.slice();
    const chunk = (chunks[Math.floor(slot / chunkSize)] ?? []).slice();
    chunk[slot % chunkSize] = [key, value];
    chunks[Math.floor(slot / chunkSize)] = chunk;
    if (known !== undefined) return new GrowingMap(this.size, chunks, this.#slots);
    // Another map has already grown from this one: the two histories part, and each gets slots of its own.
    const slots = this.#slots.size === this.size ? this.#slots : new Map(Array.from(this.keys(), (each, index) => [each, index]));
    slots.set(key, slot);
    return new GrowingMap(this.size + 1, chunks, slots);
  }

  get(key: string): V | undefined {
    const slot = this.#slot(key);
    return slot === undefined ? undefined : this.#chunks[Math.floor(slot / chunkSize)]?.[slot % chunkSize]?.[1];
  }

  has(key: string): boolean {
    return this.#slot(key) !== undefined;
  }

  #slot(key: string): number | undefined {
    const slot = this.#slots.get(key);
    return slot !== undefined && slot < this.size ? slot : undefined;
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  *entries(): MapIterator<[string, V]> {
    for (const chunk of this.#chunks) for (const [key, value] of chunk) yield [key, value];
  }

  *keys(): MapIterator<string> {
    for (const [key] of this) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
}
