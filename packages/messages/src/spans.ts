import type { Span } from './rich-text.ts';

export const textOf = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('');

const looksLike = (a: Span, b: Span): boolean =>
  a.bold === b.bold && a.italic === b.italic && a.strike === b.strike && a.code === b.code && a.link === b.link;

/** Neighbours that look alike become one; empty ones go. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (span.text === '') continue;
    if (last && looksLike(last, span)) last.text += span.text;
    else joined.push({ ...span });
  }
  return joined;
}

/** The part between two places of the whole text. */
export function sliceSpans<S extends Span>(spans: readonly S[], start: number, end: number): S[] {
  const slice: S[] = [];
  let at = 0;
  for (const span of spans) {
    const text = span.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== '') slice.push({ ...span, text });
    at += span.text.length;
    if (at >= end) break;
  }
  return slice;
}

export function trimSpans<S extends Span>(spans: readonly S[]): S[] {
  const text = textOf(spans);
  return sliceSpans(spans, text.length - text.trimStart().length, text.trimEnd().length);
}
