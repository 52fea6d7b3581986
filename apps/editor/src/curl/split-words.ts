/**
 * A command line's words, as a POSIX shell would split them: quotes, backslashes, `$'…'`, and lines that go on. Nothing is evaluated: what a shell would
 * replace ($NAME, backticks) stays as it is written. Ends where the command does: at `;`, `|`, `&` or the end of its line.
 */
export function splitWords(text: string): string[] {
  // Lines go on behind a backslash, and on Windows behind a caret.
  const source = text.trim().replaceAll(/[\\^]\r?\n/g, ' ');
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < source.length) {
    const sign = source[at] ?? '';
    if (sign === '\n' || ';|&'.includes(sign)) break;
    if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    const { piece, next } = readPiece(source, at);
    word = (word ?? '') + piece;
    at = next;
  }
  return word === null ? words : [...words, word];
}

interface Piece {
  piece: string;
  next: number;
}

function readPiece(source: string, at: number): Piece {
  const sign = source[at] ?? '';
  if (sign === "'") return quoted(source, at + 1, "'", () => null);
  if (sign === '"') return quoted(source, at + 1, '"', (rest) => ('"\\$`'.includes(rest[0] ?? '\0') ? [rest[0] ?? '', 1] : null));
  if (sign === '$' && source[at + 1] === "'") return quoted(source, at + 2, "'", ansiEscape);
  if (sign === '\\') return { piece: source[at + 1] ?? '', next: at + 2 };
  return { piece: sign, next: at + 1 };
}

/** Up to the closing quote, or the end; `escape` says what stands behind a backslash and how long it is. Null: the backslash is one. */
function quoted(source: string, from: number, quote: string, escape: (rest: string) => [text: string, length: number] | null): Piece {
  let piece = '';
  let at = from;
  while (at < source.length && source[at] !== quote) {
    const found = source[at] === '\\' ? escape(source.slice(at + 1, at + 12)) : null;
    piece += found ? found[0] : (source[at] ?? '');
    at += found ? found[1] + 1 : 1;
  }
  return { piece, next: at + 1 };
}

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\u0007', b: '\b', e: '\u001b', f: '\f', v: '\v' };

/** What browsers write: `\n`, `\'`, `\u0021`, `\x21`. */
function ansiEscape(rest: string): [string, number] | null {
  const code = /^(?:u([0-9a-f]{1,4})|U([0-9a-f]{1,6})|x([0-9a-f]{1,2}))/i.exec(rest);
  if (code) {
    const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    return [value <= 0x10_ff_ff ? String.fromCodePoint(value) : '\uFFFD', code[0].length];
  }
  const [first = ''] = rest;
  return first === '' ? null : [letters[first] ?? first, 1];
}
