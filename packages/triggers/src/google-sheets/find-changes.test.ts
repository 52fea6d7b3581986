import { describe, expect, test } from 'vitest';
import { findChanges, knownAfter, type SheetRow } from './find-changes.ts';
import { rowsOf } from './read-rows.ts';

const columns = ['Order', 'Status'];
/** Rows as `1001 open`, `-` for an empty one; keyed by the first word unless told otherwise. */
const sheet = (text: string, keyColumn = 'Order', counting = columns): SheetRow[] =>
  rowsOf({ columns, lines: text.split(', ').map((line) => (line === '-' ? [] : line.split(' '))) }, { counting, keyColumn });

/** Looks one after another; of each, what was found. */
function looks(texts: readonly string[], { keyColumn = 'Order', most = 100 } = {}): string[][] {
  let known: ReturnType<typeof knownAfter> = [];
  return texts.map((text, index) => {
    const rows = sheet(text, keyColumn);
    const found = index === 0 ? [] : findChanges(known, rows);
    known = knownAfter(known, { rows, found, waiting: new Set(found.slice(most)) });
    return found.slice(0, most).map(({ change, row }) => [change, row.values['Order'], row.values['Status']].map(String).join(' '));
  });
}
const last = (texts: readonly string[], options = {}) => looks(texts, options).at(-1);

describe('with a column that tells rows apart', () => {
  test.each<[string, string[], string[]]>([
    ['a row at the end is new', ['1 a', '1 a, 2 b'], ['new 2 b']],
    ['a row in between is new, and those below it are not', ['1 a, 2 b', '1 a, 3 c, 2 b'], ['new 3 c']],
    ['another content under its key is a change', ['1 a, 2 b', '1 a, 2 c'], ['changed 2 c']],
    ['a moved row that changed is a change', ['1 a, 2 b, 3 c', '3 x, 1 a, 2 b'], ['changed 3 x']],
    ['sorting is no news', ['1 a, 2 b, 3 c', '3 c, 2 b, 1 a'], []],
    ['a deleted row is none', ['1 a, 2 b', '2 b'], []],
    ['cut now and put elsewhere later is none', ['1 a, 2 b', '2 b', '2 b, 1 a'], []],
    ['deleted and back with another content is a change', ['1 a, 2 b', '2 b', '2 b, 1 x'], ['changed 1 x']],
    ['there and back is a change each time', ['1 a', '1 b', '1 a'], ['changed 1 a']],
    ['a row without a key waits', ['1 a', '1 a,  b'], []],
    ['an empty row is none', ['1 a', '1 a, -, 2 b'], ['new 2 b']],
    ['a second row under a key is new', ['1 a', '1 a, 1 b'], ['new 1 b']],
    ['the same row twice is new once', ['1 a', '1 a, 1 a'], ['new 1 a']],
  ])('%s', (_name, texts, found) => expect(last(texts)).toEqual(found));
});

describe('without one', () => {
  test.each<[string, string[], string[]]>([
    ['a row at the end is new', ['1 a', '1 a, 2 b'], ['new 2 b']],
    ['another content where a known row stood is a change', ['1 a, 2 b', '1 a, 2 c'], ['changed 2 c']],
    ['a row in between is new', ['1 a, 2 b', '1 a, 3 c, 2 b'], ['new 3 c']],
    ['sorting is no news', ['1 a, 2 b, 3 c', '3 c, 2 b, 1 a'], []],
    ['a deleted row is none, nor when it comes back', ['1 a, 2 b', '2 b', '2 b, 1 a'], []],
    ['there and back is a change each time', ['1 a', '1 b', '1 a'], ['changed 1 a']],
  ])('%s', (_name, texts, found) => expect(last(texts, { keyColumn: '' })).toEqual(found));
});

test.each(['Order', ''])('what is too much for one look comes with the next ones, each once (%s)', (keyColumn) => {
  const after = '1 x, 2 b, 3 c, 4 d, 5 e';
  const found = looks(['1 a, 2 b', after, after, after, after], { keyColumn, most: 2 });
  expect(found.slice(1)).toEqual([['changed 1 x', 'new 3 c'], ['new 4 d', 'new 5 e'], [], []]);
});

test('a column that does not count changes nothing', () => {
  const known = knownAfter([], { rows: sheet('1 a', 'Order', ['Order']), found: [], waiting: new Set() });
  expect(findChanges(known, sheet('1 b', 'Order', ['Order']))).toEqual([]);
});
