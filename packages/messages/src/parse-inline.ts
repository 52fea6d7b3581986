import { withoutLiteralMarks, type Source } from './literal.ts';
import { addressLength, addressPart, isLink } from './links.ts';
import type { Span } from './rich-text.ts';
import { joinSpans } from './spans.ts';

type Mark = 'bold' | 'italic' | 'strike';
type Unit = { kind: 'span'; span: Span } | { kind: 'mark'; mark: Mark; text: string; width: number; role: 'open' | 'close' | null };
interface Run {
  sign: string;
  length: number;
  canOpen: boolean;
  canClose: boolean;
}

/** More signs than this that nothing closes are characters. */
const maxOpen = 40;
const longestAddress = 2_500;

/** Reads the formatting inside of a paragraph, from `start` to before `end`. Linear in its length. */
export function parseInline(source: Source, start: number, end: number): Span[] {
  return joinSpans(spansOf(new InlineReader(source, start, end, true).read()));
}

/** A link's words hold no further link. */
const parseLabel = (source: Source, start: number, end: number): Span[] =>
  joinSpans(spansOf(new InlineReader(source, start, end, false).read()));

function spansOf(units: readonly Unit[]): Span[] {
  const active: Record<Mark, number> = { bold: 0, italic: 0, strike: 0 };
  return units.flatMap((unit): Span[] => {
    if (unit.kind === 'mark' && unit.role !== null) {
      active[unit.mark] += unit.role === 'open' ? 1 : -1;
      return [];
    }
    const span = unit.kind === 'mark' ? { text: unit.text } : unit.span;
    if (span.code) return [span];
    return [
      {
        ...span,
        ...(active.bold > 0 ? { bold: true } : {}),
        ...(active.italic > 0 ? { italic: true } : {}),
        ...(active.strike > 0 ? { strike: true } : {}),
      },
    ];
  });
}

const punctuation = /[!-/:-@[-`{-~]/;
const isSpace = (character: string): boolean => character === '' || /\s/u.test(character);
const isSign = (character: string): boolean => /[\p{P}\p{S}]/u.test(character);

class InlineReader {
  readonly #source: Source;
  readonly #start: number;
  readonly #end: number;
  readonly #units: Unit[] = [];
  /** Marks that are open, by their place in `#units`. */
  readonly #open: number[] = [];
  /** Where a backtick run of this length is certainly missing from here on. */
  readonly #noClosing = new Set<number>();
  readonly #closingBracket: ReadonlyMap<number, number>;
  readonly #closingParenthesis: ReadonlyMap<number, number>;
  readonly #hasLinks: boolean;
  #at: number;
  /** What reaches to here was looked at and is none: a text of nothing but beginnings must not be read anew for each. */
  #noAddressBefore = 0;
  #text = '';

  constructor(source: Source, start: number, end: number, hasLinks: boolean) {
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.#at = start;
    this.#closingBracket = hasLinks ? this.#pairsOf('[', ']', '\\') : new Map();
    this.#closingParenthesis = hasLinks ? this.#pairsOf('(', ')') : new Map();
    this.#hasLinks = hasLinks;
  }

  read(): Unit[] {
    while (this.#at < this.#end) {
      const character = this.#source.text[this.#at] ?? '';
      const isRead =
        !this.#source.isLiteral(this.#at) &&
        (this.#readEscape(character) ||
          this.#readCode(character) ||
          this.#readLink(character) ||
          this.#readAddress(character) ||
          this.#readMarks(character));
      if (isRead) continue;
      this.#text += character;
      this.#at += 1;
    }
    this.#flush();
    return this.#units;
  }

  #flush(): void {
    const text = withoutLiteralMarks(this.#text);
    if (text !== '') this.#units.push({ kind: 'span', span: { text } });
    this.#text = '';
  }

  #push(span: Span): void {
    this.#flush();
    this.#units.push({ kind: 'span', span });
  }

  #is(at: number, character: string): boolean {
    return at < this.#end && this.#source.text[at] === character && !this.#source.isLiteral(at);
  }

  #readEscape(character: string): boolean {
    const next = this.#source.text[this.#at + 1] ?? '';
    if (character !== '\\' || this.#at + 1 >= this.#end || !punctuation.test(next)) return false;
    this.#text += next;
    this.#at += 2;
    return true;
  }

  #runLength(from: number, sign: string): number {
    let to = from;
    while (this.#is(to, sign)) to += 1;
    return to - from;
  }

  #readCode(character: string): boolean {
    if (character !== '`') return false;
    const length = this.#runLength(this.#at, '`');
    const from = this.#at + length;
    const to = this.#noClosing.has(length) ? -1 : this.#findTicks(from, length);
    if (to < 0) {
      this.#noClosing.add(length);
      this.#text += '`'.repeat(length);
      this.#at = from;
      return true;
    }
    const code = withoutLiteralMarks(this.#source.text.slice(from, to));
    // As in Markdown: one blank on each side keeps a backtick at an edge apart.
    this.#push({ text: /^ .*[^ ].* $/s.test(code) ? code.slice(1, -1) : code, code: true });
    this.#at = to + length;
    return true;
  }

  #findTicks(from: number, length: number): number {
    for (let at = from; at < this.#end; at += 1) {
      if (!this.#is(at, '`')) continue;
      const found = this.#runLength(at, '`');
      if (found === length) return at;
      at += found - 1;
    }
    return -1;
  }

  /** Where what opens closes again. Once for all: looked for anew at each, a text of nothing but openings would be read as often. */
  #pairsOf(opening: string, closing: string, escape?: string): Map<number, number> {
    const pairs = new Map<number, number>();
    const opened: number[] = [];
    for (let at = this.#start; at < this.#end; at += 1) {
      if (escape !== undefined && this.#is(at, escape)) at += 1;
      else if (this.#is(at, opening)) opened.push(at);
      else if (this.#is(at, closing)) {
        const start = opened.pop();
        if (start !== undefined) pairs.set(start, at);
      }
    }
    return pairs;
  }

  /** `[words](address)` */
  #readLink(character: string): boolean {
    const close = character === '[' ? this.#closingBracket.get(this.#at) : undefined;
    if (close === undefined || !this.#is(close + 1, '(')) return false;
    const to = this.#closingParenthesis.get(close + 1);
    if (to === undefined || to - close > longestAddress) return false;
    const link = this.#address(close + 2, to);
    if (!isLink(link)) return false;
    const label = parseLabel(this.#source, this.#at + 1, close).map(({ code: _code, ...span }) => ({ ...span, link }));
    this.#flush();
    for (const span of label.length > 0 ? label : [{ text: link, link }]) this.#units.push({ kind: 'span', span });
    this.#at = to + 1;
    return true;
  }

  /** An address with inserted values: one that stands first is the address itself, any other can't lead out of its place. */
  #address(from: number, to: number): string {
    let written = '';
    let value = '';
    const close = () => {
      written += addressPart(value);
      value = '';
    };
    for (let at = from; at < to; at += 1) {
      const character = withoutLiteralMarks(this.#source.text[at] ?? '');
      if (this.#source.isLiteral(at)) value += character;
      else {
        close();
        written += character;
      }
    }
    close();
    return written.trim();
  }

  /** An address without words: kept whole, so that no sign in it formats anything. */
  #readAddress(character: string): boolean {
    if (!this.#hasLinks || (character !== 'h' && character !== 'H') || this.#at < this.#noAddressBefore) return false;
    const before = this.#source.text[this.#at - 1] ?? '';
    if (this.#at > this.#start && /[\p{L}\p{N}]/u.test(before)) return false;
    if (!/^https?:\/\//i.test(this.#source.text.slice(this.#at, this.#at + 8))) return false;
    let to = this.#at;
    while (
      to < this.#end &&
      (this.#source.isLiteral(to) || !/[\s<>"*]/u.test(this.#source.text[to] ?? '')) &&
      !(this.#is(to, '~') && this.#is(to + 1, '~'))
    )
      to += 1;
    this.#noAddressBefore = to;
    to = this.#at + addressLength(this.#source.text.slice(this.#at, to));
    const link = this.#address(this.#at, to);
    if (!isLink(link)) return false;
    this.#push({ text: link, link });
    this.#at = to;
    return true;
  }

  #readMarks(sign: string): boolean {
    if (sign !== '*' && sign !== '_' && sign !== '~') return false;
    const run = this.#runAt(sign);
    this.#flush();
    this.#at += run.length;
    let left = run.length;
    while (left > 0 && run.canClose) {
      const width = this.#closeMark(sign, left);
      if (width === 0) break;
      left -= width;
    }
    const widths = !run.canOpen || left > 3 || this.#open.length >= maxOpen ? [] : left === 3 ? [2, 1] : left === 0 ? [] : [left];
    if (sign === '~' ? left !== 2 || widths.length === 0 : widths.length === 0) {
      this.#text += sign.repeat(left);
      return true;
    }
    for (const width of widths) {
      this.#open.push(this.#units.length);
      this.#units.push({ kind: 'mark', mark: markOf(sign, width), text: sign.repeat(width), width, role: null });
    }
    return true;
  }

  #runAt(sign: string): Run {
    const length = this.#runLength(this.#at, sign);
    const before = this.#at > this.#start ? (this.#source.text[this.#at - 1] ?? '') : '';
    const after = this.#at + length < this.#end ? (this.#source.text[this.#at + length] ?? '') : '';
    const leans = (toward: string, away: string) => !isSpace(toward) && (!isSign(toward) || isSpace(away) || isSign(away));
    const [opens, closes] = [leans(after, before), leans(before, after)];
    // Inside of words these signs are letters: file_name_2, 2*3*4.
    const isStrict = sign === '_' || (sign === '*' && length === 1);
    return {
      sign,
      length,
      canOpen: opens && (!isStrict || !closes || isSign(before)),
      canClose: closes && (!isStrict || !opens || isSign(after)),
    };
  }

  /** Closes the latest open mark of this sign that fits; what was opened after it was never meant as one. Answers its width, 0 for none. */
  #closeMark(sign: string, left: number): number {
    for (let depth = this.#open.length - 1; depth >= 0; depth -= 1) {
      const unit = this.#units[this.#open[depth] ?? -1];
      if (unit?.kind !== 'mark' || unit.text[0] !== sign || unit.width > left) continue;
      unit.role = 'open';
      this.#open.length = depth;
      this.#units.push({ kind: 'mark', mark: unit.mark, text: unit.text, width: unit.width, role: 'close' });
      return unit.width;
    }
    return 0;
  }
}

const markOf = (sign: string, width: number): Mark => (sign === '~' ? 'strike' : width === 2 ? 'bold' : 'italic');
