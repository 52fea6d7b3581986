import { readSource, withoutLiteralMarks, type Source } from './literal.ts';
import { parseInline } from './parse-inline.ts';
import type { Block, Span } from './rich-text.ts';
import { textOf, trimSpans } from './spans.ts';

interface Line {
  start: number;
  end: number;
}
interface Marker {
  start: number | null;
  /** Where the item's text begins. */
  content: number;
}

/**
 * Reads the Markdown subset of formatted messages: paragraphs, `**bold**`, `_italic_` or `*italic*`, `~~strike~~`, `` `code` ``, code blocks between
 * lines of ```` ``` ````, lists (`- `, `1. `), `[words](address)`. A line break is a line break; a heading becomes a bold line; `\` before a sign
 * makes it a character. Everything else stands as it is written, and so does every inserted value: literal.ts. Never throws.
 */
export function parseRichText(text: string): Block[] {
  return new BlockReader(readSource(text)).read();
}

class BlockReader {
  readonly #source: Source;
  readonly #lines: Line[] = [];
  readonly #blocks: Block[] = [];
  #at = 0;
  #isAfterGap = true;

  constructor(source: Source) {
    this.#source = source;
    let start = 0;
    for (let at = 0; at <= source.text.length; at += 1) {
      if (at < source.text.length && (source.text[at] !== '\n' || source.isLiteral(at))) continue;
      this.#lines.push({ start, end: at });
      start = at + 1;
    }
  }

  read(): Block[] {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at];
      if (!line) break;
      if (this.#isBlank(line)) {
        this.#isAfterGap = true;
        this.#at += 1;
      } else if (this.#fenceOf(line) !== null) this.#readCode(line);
      else if (this.#markerOf(line)) this.#readList();
      else this.#readParagraph();
    }
    return this.#blocks;
  }

  #push(block: Block): void {
    this.#blocks.push(this.#isAfterGap || this.#blocks.length === 0 ? block : { ...block, isTight: true });
    this.#isAfterGap = false;
  }

  /** The line's own text, with a literal mark for every character of a value. */
  #shape({ start, end }: Line): string {
    let shape = '';
    for (let at = start; at < end; at += 1) shape += this.#source.isLiteral(at) ? '\uFDD0' : (this.#source.text[at] ?? '');
    return shape;
  }

  #isBlank(line: Line): boolean {
    return /^\s*$/.test(this.#shape(line));
  }

  /** The language of a line that opens a code block, '' for none; null for any other line. */
  #fenceOf(line: Line): string | null {
    return /^ {0,3}```([\w+#.-]{0,30})\s*$/.exec(this.#shape(line))?.[1] ?? null;
  }

  #markerOf(line: Line): Marker | null {
    const found = /^(\s{0,8}(?:[-*+•]|(\d{1,6})[.)])[ \t]+)\S/u.exec(this.#shape(line));
    if (!found) return null;
    return { start: found[2] === undefined ? null : Number(found[2]), content: line.start + (found[1] ?? '').length };
  }

  #readCode(line: Line): void {
    const language = this.#fenceOf(line) ?? '';
    const lines: string[] = [];
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      const inner = this.#lines[this.#at];
      if (!inner || this.#fenceOf(inner) === '') break;
      lines.push(withoutLiteralMarks(this.#source.text.slice(inner.start, inner.end)));
    }
    this.#at += 1;
    const text = lines.join('\n');
    if (text.trim() !== '') this.#push({ kind: 'code', text, language });
  }

  #readList(): void {
    const items: Span[][] = [];
    let start: number | null | undefined;
    for (let line = this.#lines[this.#at]; line; line = this.#lines[this.#at]) {
      const marker = this.#markerOf(line);
      if (!marker) {
        if (!this.#isGapInList(start ?? null)) break;
        this.#at += 1;
        continue;
      }
      if (start === undefined) start = marker.start;
      if ((start === null) !== (marker.start === null)) break;
      this.#at += 1;
      items.push(this.#readItem(marker.content, line.end));
    }
    const filled = items.filter((item) => item.length > 0);
    if (filled.length > 0) this.#push({ kind: 'list', start: start ?? null, items: filled });
  }

  /** An empty line between two items of one list. */
  #isGapInList(start: number | null): boolean {
    const [line, next] = [this.#lines[this.#at], this.#lines[this.#at + 1]];
    if (!line || !next || !this.#isBlank(line)) return false;
    const marker = this.#markerOf(next);
    return marker !== null && (marker.start === null) === (start === null);
  }

  #readItem(from: number, to: number): Span[] {
    const spans = parseInline(this.#source, from, to);
    for (let line = this.#lines[this.#at]; line && this.#continuesItem(line); line = this.#lines[this.#at]) {
      const indent = /^\s*/.exec(this.#shape(line))?.[0].length ?? 0;
      spans.push({ text: '\n' }, ...parseInline(this.#source, line.start + indent, line.end));
      this.#at += 1;
    }
    return trimSpans(spans);
  }

  /** Further lines of an item are indented; a line at the margin is a text of its own. */
  #continuesItem(line: Line): boolean {
    return /^\s{2,}\S/.test(this.#shape(line)) && this.#markerOf(line) === null && this.#fenceOf(line) === null;
  }

  #readParagraph(): void {
    const first = this.#at;
    let last = first;
    for (let line = this.#lines[last + 1]; line && this.#continuesParagraph(line); line = this.#lines[last + 1]) last += 1;
    this.#at = last + 1;
    const [from, to] = [this.#lines[first], this.#lines[last]];
    if (!from || !to) return;
    const heading = /^ {0,3}#{1,6}[ \t]+(?=\S)/.exec(this.#shape(from))?.[0].length ?? 0;
    if (heading > 0) this.#at = first + 1;
    const parsed = heading > 0 ? parseInline(this.#source, from.start + heading, from.end) : parseInline(this.#source, from.start, to.end);
    const spans = trimSpans(heading > 0 ? parsed.map((span) => (span.code ? span : { ...span, bold: true as const })) : parsed);
    if (textOf(spans).trim() !== '') this.#push({ kind: 'paragraph', spans });
  }

  /** A number other than 1 at a line's beginning is a year or an amount more often than a list. */
  #continuesParagraph(line: Line): boolean {
    if (this.#isBlank(line) || this.#fenceOf(line) !== null) return false;
    if (/^ {0,3}#{1,6}[ \t]+\S/.test(this.#shape(line))) return false;
    const marker = this.#markerOf(line);
    return marker === null || (marker.start !== null && marker.start !== 1);
  }
}
