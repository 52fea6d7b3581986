import type { JsonValue } from '@holdfast/node-kit';
import { numberOf } from './number-of.ts';

/** A column's value in one entry of a list: `name`, `product.title`, `quantity * price`, or `#` for its number. Nothing where there is none. */
export function valueAt(entry: JsonValue, path: string, index: number): JsonValue {
  const wanted = path.trim();
  if (wanted === '#') return index + 1;
  const own = follow(entry, wanted);
  if (own !== undefined) return own;
  const factors = wanted.split(' * ').map((factor) => numberOf(follow(entry, factor.trim())));
  if (factors.length < 2) return null;
  // A price that is not known makes no amount of nothing.
  return factors.reduce<number | null>((product, factor) => (product === null || factor === null ? null : product * factor), 1);
}

function follow(entry: JsonValue, path: string): JsonValue | undefined {
  if (path === '.') return entry;
  const [key, rest] = keyIn(entry, path);
  if (key === undefined) return undefined;
  return rest === '' ? key : follow(key, rest);
}

/** The longest name that the entry has: a column of a sheet may have dots and blanks in it. */
function keyIn(entry: JsonValue, path: string): [JsonValue | undefined, string] {
  if (typeof entry !== 'object' || entry === null) return [undefined, ''];
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('.');
    if (Object.hasOwn(entry, name)) return [Reflect.get(entry, name), parts.slice(length).join('.')];
  }
  return [undefined, ''];
}
