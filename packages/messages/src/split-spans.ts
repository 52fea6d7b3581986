import type { Laid } from './lay-out.ts';
import { sliceSpans, textOf } from './spans.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** How long a part is as the channel counts it, markup included. Never less than its characters, and never less for more of them. */
export type Measure = (spans: readonly Laid[]) => number;

/**
 * Parts of at most `limit`, cut at a paragraph, else a line, else a sentence, else a word; inside of a word only when it is longer than a
 * part, and then between two characters as people see them. Only white space is lost. A look that is cut goes on in the next part.
 */
export function splitSpans(spans: readonly Laid[], limit: number, measure: Measure = plainLength): Laid[][] {
  const cutter = new Cutter(spans, limit, measure);
  const parts: Laid[][] = [];
  const end = textOf(spans).trimEnd().length;
  let start = 0;
  while (start < end) {
    const cut = cutter.cutAfter(start, end);
    const part = sliceSpans(spans, start, cut);
    if (textOf(part).trim() !== '') parts.push(part);
    start = cutter.skipSpace(cut, end);
  }
  return parts;
}

/** The last part of at most `limit`, as much of the text as possible, and what comes before it. */
export function splitTail(spans: readonly Laid[], limit: number, measure: Measure = plainLength): { head: Laid[]; tail: Laid[] } {
  const parts = splitSpans(spans, limit, measure);
  if (parts.length <= 1) return { head: [], tail: parts[0] ?? [] };
  const text = textOf(spans);
  const end = text.trimEnd().length;
  const segments = graphemes.segment(text);
  let best = end;
  // The earliest beginning of a paragraph, a line, a sentence or a word from which the rest fits.
  for (const boundary of [/\n\s*\n\s*/g, /\n\s*/g, /[.!?…。！？]\s+/g, /\s+/g]) {
    const starts = [...text.slice(0, end).matchAll(boundary)].map((found) => found.index + found[0].length);
    const fit = starts.find((start) => start < end && isBoundary(segments, start) && measure(sliceSpans(spans, start, end)) <= limit);
    if (fit === undefined) continue;
    best = fit;
    break;
  }
  if (best === end)
    return {
      head: parts.slice(0, -1).flatMap((part, index) => (index === 0 ? part : [{ text: '\n' }, ...part])),
      tail: parts.at(-1) ?? [],
    };
  return { head: sliceSpans(spans, 0, text.slice(0, best).trimEnd().length), tail: sliceSpans(spans, best, end) };
}

export const plainLength: Measure = (spans) => spans.reduce((length, { text }) => length + text.length, 0);

const isBoundary = (segments: Intl.Segments, at: number): boolean => (segments.containing(at)?.index ?? at) === at;

class Cutter {
  readonly #spans: readonly Laid[];
  readonly #limit: number;
  readonly #measure: Measure;
  readonly #text: string;
  readonly #graphemes: Intl.Segments;

  constructor(spans: readonly Laid[], limit: number, measure: Measure) {
    this.#spans = spans;
    this.#limit = limit;
    this.#measure = measure;
    this.#text = textOf(spans);
    this.#graphemes = graphemes.segment(this.#text);
  }

  /** Where the part that begins at `start` ends. */
  cutAfter(start: number, end: number): number {
    if (end - start <= this.#limit && this.#fits(start, end)) return end;
    const most = this.#longestFit(start, end);
    return this.#boundaryBefore(start, most) ?? this.#graphemeBefore(start, most);
  }

  /** Past the white space of a cut; in a code block past one line's end only, because indentation has a meaning there. */
  skipSpace(from: number, end: number): number {
    const isCode = sliceSpans(this.#spans, from, from + 1)[0]?.pre !== undefined;
    if (isCode) return this.#text[from] === '\n' ? from + 1 : from;
    let to = from;
    while (to < end && /\s/u.test(this.#text[to] ?? '') && isBoundary(this.#graphemes, to + 1)) to += 1;
    return to;
  }

  #fits(start: number, end: number): boolean {
    return this.#measure(sliceSpans(this.#spans, start, end)) <= this.#limit;
  }

  #longestFit(start: number, end: number): number {
    let [fits, fails] = [start, Math.min(end, start + this.#limit) + 1];
    while (fails - fits > 1) {
      const middle = (fits + fails) >> 1;
      if (this.#fits(start, middle)) fits = middle;
      else fails = middle;
    }
    return fits;
  }

  #boundaryBefore(start: number, most: number): number | undefined {
    const window = this.#text.slice(start, most + 1);
    const half = (most - start) / 2;
    const ends = (boundary: RegExp) =>
      [...window.matchAll(boundary)]
        .map((found) => start + found.index + found[0].trimEnd().length)
        .filter((at) => at > start && at <= most && isBoundary(this.#graphemes, at));
    // A cut in the first half would make many small parts for the sake of a paragraph.
    for (const boundary of [/\n\s*\n/g, /\n/g, /[.!?…。！？]\s/g, /\s/g]) {
      const at = ends(boundary).at(-1);
      if (at !== undefined && at - start > half) return at;
    }
    // Thai and Chinese words stand without white space between them.
    const word = words.segment(this.#text).containing(most)?.index ?? start;
    const space = ends(/\s/g).at(-1);
    if (word - start > half && isBoundary(this.#graphemes, word) && !this.#isInsideRun(word)) return word;
    return space;
  }

  /** Inside of an address or a long number a "word" of the dictionary is none. */
  #isInsideRun(at: number): boolean {
    return /[\w/.:?&=%#@+~-]/.test(this.#text[at - 1] ?? '') && /[\w/.:?&=%#@+~-]/.test(this.#text[at] ?? '');
  }

  #graphemeBefore(start: number, most: number): number {
    const at = this.#graphemes.containing(most)?.index ?? most;
    if (at > start) return at;
    // One "character" longer than a whole part (stacked accents): between code points; and never nothing.
    const code = this.#text.charCodeAt(most - 1);
    const cut = code >= 0xd800 && code <= 0xdbff ? most - 1 : most;
    return cut > start ? cut : start + String.fromCodePoint(this.#text.codePointAt(start) ?? 32).length;
  }
}
