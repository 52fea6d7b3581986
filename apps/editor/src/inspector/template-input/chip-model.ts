/** A text with inserted values, in the parts that the editor draws: words, chips, and Liquid that is more than a value. */
export type Segment =
  | { kind: 'text'; text: string }
  /** `{{ path | filters }}`: one value; `filters` holds what stands after the first bar, as written. */
  | { kind: 'value'; liquid: string; path: string; filters: string }
  /** Tags, and expressions that are no plain value; kept exactly as written. */
  | { kind: 'code'; liquid: string };

// Quoted text may hold braces; anything else ends at the first closing pair, as Liquid itself reads it.
const liquidPart = /\{\{(?:"[^"]*"|'[^']*'|[^}"']|\}(?!\}))*\}\}|\{%(?:"[^"]*"|'[^']*'|[^%"']|%(?!\}))*%\}/g;
const plainPath = /^[a-zA-Z_][\w-]*(?:\.[\w-]+|\[\d+\]|\["[^"\]]*"\]|\['[^'\]]*'\])*$/;

export function parseSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const found of text.matchAll(liquidPart)) {
    if (found.index > from) segments.push({ kind: 'text', text: text.slice(from, found.index) });
    segments.push(parseLiquid(found[0]));
    from = found.index + found[0].length;
  }
  if (from < text.length) segments.push({ kind: 'text', text: text.slice(from) });
  return segments;
}

function parseLiquid(liquid: string): Segment {
  if (liquid.startsWith('{%')) return { kind: 'code', liquid };
  const inside = liquid.slice(2, -2).replace(/^-/, '').replace(/-$/, '').trim();
  const bar = firstBar(inside);
  const path = (bar === -1 ? inside : inside.slice(0, bar)).trim();
  if (!plainPath.test(path)) return { kind: 'code', liquid };
  return { kind: 'value', liquid, path, filters: bar === -1 ? '' : inside.slice(bar + 1).trim() };
}

/** Where the first filter begins; a bar inside quotes belongs to the text. */
function firstBar(expression: string): number {
  let quote = '';
  for (let index = 0; index < expression.length; index += 1) {
    const letter = expression.charAt(index);
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '|') return index;
  }
  return -1;
}

export const textOfSegments = (segments: readonly Segment[]): string =>
  segments.map((segment) => (segment.kind === 'text' ? segment.text : segment.liquid)).join('');

export const liquidOf = (path: string): string => `{{ ${path} }}`;

export const hasLiquid = (text: string): boolean => /\{\{|\{%/.test(text);

/** `nodes.lookup.body["order id"][0]` → `['nodes', 'lookup', 'body', 'order id', '0']`. */
export function partsOfPath(path: string): string[] {
  const parts: string[] = [];
  for (const found of path.matchAll(/[a-zA-Z_][\w-]*|(?<=\.)[\w-]+|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g))
    parts.push(found[1] ?? found[2] ?? found[3] ?? found[0]);
  return parts;
}

/** The next part of a path, in brackets where a dot would not do. */
export function joinPath(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return /^[a-zA-Z_][\w-]*$/.test(part) ? `${path}.${part}` : `${path}["${part.replaceAll('"', '')}"]`;
}
