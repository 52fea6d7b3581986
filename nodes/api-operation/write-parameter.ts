import { isJsonObject, type JsonValue, type WrittenField } from '@holdfast/node-kit';

type Style = NonNullable<WrittenField['style']>;
/** A name and its value, as they are: encoding is the address's or the form's own. */
export type Pair = [name: string, value: string];

/** A value as one word; what is inside of a list or an object and no word itself is JSON. */
export const wordOf = (value: JsonValue): string =>
  typeof value === 'string'
    ? value.toWellFormed()
    : value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

const encoded = (value: JsonValue): string =>
  encodeURIComponent(wordOf(value)).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Delimiters stay as they are; values are encoded, so that none of them can be taken for a delimiter. */
interface Listed {
  delimiter: string;
  /** Between name and value of an object's part: `=` where it is taken apart. */
  within: string;
}

function listed(value: JsonValue, { delimiter, within }: Listed, encode: (value: JsonValue) => string): string {
  if (Array.isArray(value)) return value.map(encode).join(delimiter);
  if (isJsonObject(value))
    return Object.entries(value)
      .map(([key, part]) => `${encode(key)}${within}${encode(part)}`)
      .join(delimiter);
  return encode(value);
}

/** One piece of a path, encoded: OpenAPI's simple, label and matrix. */
export function writePathPiece(
  name: string,
  value: JsonValue,
  { style = 'simple', explode = false }: { style?: Style | undefined; explode?: boolean | undefined },
): string {
  const within = explode ? '=' : ',';
  if (style === 'label') return `.${listed(value, { delimiter: explode ? '.' : ',', within }, encoded)}`;
  if (style !== 'matrix') return listed(value, { delimiter: ',', within }, encoded);
  if (!explode || typeof value !== 'object' || value === null)
    return `;${encoded(name)}=${listed(value, { delimiter: ',', within: ',' }, encoded)}`;
  const pairs: [string, JsonValue][] = Array.isArray(value) ? value.map((item) => [name, item]) : Object.entries(value);
  return pairs.map(([key, part]) => `;${encoded(key)}=${encoded(part)}`).join('');
}

/** A header's value: `simple`. A value that a header can't carry is refused where headers are checked. */
export const writeHeader = (value: JsonValue, explode = false): string =>
  listed(value, { delimiter: ',', within: explode ? '=' : ',' }, wordOf);

/** A cookie: `form`. */
export const writeCookie = (name: string, value: JsonValue): string =>
  `${encoded(name)}=${listed(value, { delimiter: ',', within: ',' }, encoded)}`;

/** A query parameter or a form's field: form, spaceDelimited, pipeDelimited, deepObject. Neither names nor values are encoded yet. */
export function writePairs(
  name: string,
  value: JsonValue,
  { style = 'form', explode = true }: { style?: Style | undefined; explode?: boolean | undefined },
): Pair[] {
  if (typeof value !== 'object' || value === null) return [[name, wordOf(value)]];
  if (style === 'deepObject') return deep(name, value);
  if (explode)
    return Array.isArray(value)
      ? value.map((item): Pair => [name, wordOf(item)])
      : Object.entries(value).map(([key, part]): Pair => [key, wordOf(part)]);
  const delimiter = style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ',';
  return [[name, listed(value, { delimiter, within: delimiter }, wordOf)]];
}

/** `filter[state]=open&filter[tags][0]=a`: the standard says one level; the next ones are what most services read. */
function deep(name: string, value: JsonValue): Pair[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => deep(`${name}[${index}]`, item));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, part]) => deep(`${name}[${key}]`, part));
  return [[name, wordOf(value)]];
}
