import type { Saying } from '@holdfast/errors';

/** Says a sentence of the server in another language; null for what nobody translated. */
export type Translate = (text: string, saying?: Saying) => string | null;

interface Shape {
  /** What stands between the values. */
  parts: string[];
  /** In which order the values stand. */
  places: number[];
  words: number;
}

const remembered = 500;
/** Fewer letters of its own than these make a shape fit almost anything: it counts when one of its values is half a sentence of ours too. */
const tellingLetters = 8;
const hole = /\{(\d+)\}/g;
const nextSentence = /(?<=[.?”»"]) (?=[\p{Lu}"“«¿])/u;

/**
 * Sentences by their key. Where a sentence comes with how it was made, that decides; a sentence that was stored as text alone (old rows, notes, alerts) is
 * known by its shape. What other systems said is a value, and stays as it is. `sayOther`: sentences that are kept elsewhere.
 */
export function createTranslator(
  sentences: ReadonlyMap<string, string>,
  sayOther: (text: string) => string | null = () => null,
): Translate {
  const shapes = [...sentences.keys()].filter((key) => /\{\d+\}/.test(key)).map((key) => [key, shapeOf(key)] as const);
  // What begins with words of its own is known the surest.
  shapes.sort(([, a], [, b]) => Number(b.parts[0] !== '') - Number(a.parts[0] !== '') || b.words - a.words);
  const known = new Map<string, string | null>();

  const fill = (key: string, say: (place: number) => string): string =>
    (sentences.get(key) ?? key).replaceAll(hole, (_hole, place: string) => say(Number(place) - 1));
  const bySaying = ({ key, values }: Saying): string =>
    fill(key, (place) => {
      const value = values[place] ?? '';
      return typeof value === 'string' ? (sentences.get(value) ?? sayOther(value) ?? value) : bySaying(value);
    });
  const byShape = (text: string): string | null => {
    for (const [key, shape] of shapes) {
      const values = valuesIn(text, shape);
      if (values && (shape.words >= tellingLetters || values.some((value) => value.includes(' ') && whole(value) !== null)))
        return fill(key, (place) => whole(values[place] ?? '') ?? values[place] ?? '');
    }
    return null;
  };
  const whole = (text: string): string | null => {
    if (text === '' || text.length > 2_000) return null;
    const found = known.get(text);
    if (found !== undefined) return found;
    known.set(text, null);
    const said = sentences.get(text) ?? sayOther(text) ?? byShape(text);
    if (known.size > remembered) known.clear();
    known.set(text, said);
    return said;
  };
  return (text, saying) => (saying && sentences.has(saying.key) ? bySaying(saying) : inTurn(text, whole));
}

/** Several sentences in a row: as many at once as are known together. */
function inTurn(text: string, whole: (text: string) => string | null): string | null {
  const parts = text.split(nextSentence).slice(0, 12);
  if (parts.length < 2 || parts.join(' ') !== text) return whole(text);
  for (let count = parts.length; count > 0; count -= 1) {
    const said = whole(parts.slice(0, count).join(' '));
    if (said === null) continue;
    const rest = parts.slice(count).join(' ');
    return rest === '' ? said : `${said} ${inTurn(rest, whole) ?? rest}`;
  }
  const rest = inTurn(parts.slice(1).join(' '), whole);
  return rest === null ? null : `${parts[0]} ${rest}`;
}

function shapeOf(key: string): Shape {
  const parts = key.split(/\{\d+\}/);
  return {
    parts,
    places: [...key.matchAll(hole)].map(([, place]) => Number(place)),
    words: parts.join('').replace(/[^\p{L}]/gu, '').length,
  };
}

/** What stands in the holes, first fit from the left (of two that touch, the second has it all); null where the text has another shape. */
function valuesIn(text: string, { parts, places }: Shape): string[] | null {
  const [first = '', ...others] = parts;
  const last = others.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null;
  const values: string[] = [];
  let at = first.length;
  for (const [index, part] of others.entries()) {
    const end = index === others.length - 1 ? text.length - last.length : text.indexOf(part, at);
    if (end < at) return null;
    values[(places[index] ?? 1) - 1] = text.slice(at, end);
    at = end + part.length;
  }
  return values;
}
