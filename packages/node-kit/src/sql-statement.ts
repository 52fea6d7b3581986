/** A statement as staff wrote it: its text between the values, and the names of the values. `texts` has one more than `names`. */
export interface SqlStatement {
  texts: readonly string[];
  /** In order, each as often as it stands there. */
  names: readonly string[];
  /** Its first word, in small letters. */
  verb: string;
  /** There is something after a semicolon. */
  isSeveral: boolean;
  /** A text, name or comment that never ends, or not for every database at the same place. */
  isUnfinished: boolean;
  /** It begins with a function of its own, as Oracle’s may: what that does is no part of the transaction, if it says so. */
  bringsFunction: boolean;
}

/** What stands for itself, whatever is in it: comments, texts, quoted names. Each matches to the end of the input when it is not closed. */
const opaque: readonly { begins: RegExp; ends: (opening: RegExpExecArray) => string; skipsEscapes?: true; isLine?: true }[] = [
  { begins: /--/y, ends: () => '\n', isLine: true },
  { begins: /\/\*/y, ends: () => '*/' },
  // In a name the sign is a letter of it.
  { begins: /(?<![\p{L}\p{N}_$#])\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/uy, ends: ([tag]) => tag },
  // Oracle’s q'[…]': the bracket that closes it stands before the quote.
  { begins: /\bn?q'([^ \t\r\n])/iy, ends: ([, bracket = '']) => `${closing[bracket] ?? bracket}'` },
  { begins: /\be'/iy, ends: () => "'", skipsEscapes: true },
  { begins: /'/y, ends: () => "'" },
  { begins: /"/y, ends: () => '"' },
];
const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };
/** `with function f …`; `with function as (…)` only names rows. */
const functionOfItsOwn = /\bwith[^\p{L}\p{N}_$#§(]+(?:function|procedure)(?![\p{L}\p{N}_$#])(?!\s*(?:as[\s(]|\())/iu;
const placeholder = /:([A-Za-z_][A-Za-z0-9_]{0,63})/y;

/** Reads one statement of SQL, of PostgreSQL or of Oracle: where its `:name`s are, and whether it is one. No parser: the database has that. Pure. */
export function readSql(sql: string): SqlStatement {
  const texts: string[] = [];
  const names: string[] = [];
  let from = 0;
  let at = 0;
  let isUnfinished = false;
  let code = '';
  while (at < sql.length) {
    const skipped = endOfOpaque(sql, at);
    if (skipped !== null) {
      isUnfinished ||= skipped.isUnfinished;
      code += sql.slice(at, skipped.end).startsWith('-') || sql.startsWith('/*', at) ? ' ' : '§';
      at = skipped.end;
      continue;
    }
    // PostgreSQL’s cast, and its assignment of named arguments.
    if (sql.startsWith('::', at) || sql.startsWith(':=', at)) {
      code += sql.slice(at, at + 2);
      at += 2;
      continue;
    }
    const name = matchAt(placeholder, sql, at);
    if (name && !/[A-Za-z0-9_$]/.test(sql[at - 1] ?? '')) {
      texts.push(sql.slice(from, at));
      names.push(name[1] ?? '');
      at += name[0].length;
      from = at;
      code += '§';
      continue;
    }
    code += sql[at];
    at += 1;
  }
  texts.push(sql.slice(from));
  const bare = withoutEnd(code);
  return {
    texts: withoutSemicolon(texts),
    names,
    verb: (/^[\s(]*([A-Za-z]+)/.exec(bare)?.[1] ?? '').toLowerCase(),
    isSeveral: bare.includes(';'),
    isUnfinished,
    bringsFunction: functionOfItsOwn.test(code),
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOfOpaque(sql: string, at: number): { end: number; isUnfinished: boolean } | null {
  for (const { begins, ends, skipsEscapes, isLine } of opaque) {
    const opening = matchAt(begins, sql, at);
    if (!opening) continue;
    const last = ends(opening);
    let end = at + opening[0].length;
    for (;;) {
      const found = sql.indexOf(last, end);
      if (found < 0) return { end: sql.length, isUnfinished: isLine !== true || sql.slice(end).includes('\r') };
      // PostgreSQL’s comments may stand in one another, Oracle’s end at the first end: one that they read differently is refused.
      if (isLine) return { end: found + 1, isUnfinished: /\r(?!\n)/.test(sql.slice(end, found + 1)) };
      if (last === '*/') return { end: found + 2, isUnfinished: sql.slice(end, found).includes('/*') };
      const isDoubled = last.length === 1 && sql[found + 1] === last;
      if (!isDoubled && !(skipsEscapes && isEscaped(sql, at, found))) return { end: found + last.length, isUnfinished: false };
      end = found + (isDoubled ? 2 : 1);
    }
  }
  return null;
}

function isEscaped(sql: string, from: number, quote: number): boolean {
  let slashes = 0;
  while (quote - slashes - 1 > from && sql[quote - slashes - 1] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Step by step: a pattern begins anew at every blank of a text that ends otherwise. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s;]/.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

/** Neither driver wants the one at the end. */
const withoutSemicolon = (texts: readonly string[]): string[] =>
  texts.map((text, index) => (index === texts.length - 1 ? withoutEnd(text) : text));

const verbs = {
  query: ['select', 'with', 'values', 'table', 'show'],
  change: ['insert', 'update', 'delete', 'merge', 'with'],
} as const;

/** Why this can't be asked of a database, or null. */
export function sqlProblem(sql: string, operation: keyof typeof verbs): { reason: string; fix: string } | null {
  if (/\{\{|\{%/.test(sql))
    return {
      reason: 'A value is inserted into the statement itself, where it would become a part of the command.',
      fix: 'Write :name in its place, and give the value under "Values".',
    };
  const { verb, isSeveral, isUnfinished, bringsFunction } = readSql(sql);
  if (isUnfinished) return { reason: 'A text, a quoted name or a comment in the statement has no end.', fix: 'Close it.' };
  if (isSeveral) return { reason: 'There is more than one statement.', fix: 'Keep one, and make a step for each other.' };
  if (bringsFunction)
    return { reason: 'The statement brings a function of its own.', fix: 'Let whoever runs the database make it there, and call it.' };
  if (verbs[operation].some((known) => known === verb)) return null;
  return operation === 'query'
    ? { reason: 'A query begins with "select".', fix: 'For insert, update or delete choose "Change rows".' }
    : { reason: 'A change begins with "insert", "update", "delete" or "merge".', fix: 'For select choose "Read rows".' };
}
