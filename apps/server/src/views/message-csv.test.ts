import { describe, expect, test } from 'vitest';
import { cell } from './message-csv.ts';

describe('a cell of an export', () => {
  test.each(['=HYPERLINK("http://evil.example","x")', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|calc', '%0A=1', '\uFEFF=1'])(
    'is text even when it starts like a formula: %j',
    (text) => {
      expect(cell(text).startsWith(`"'`)).toBe(true);
    },
  );

  test.each([
    ['a "quoted" word', '"a ""quoted"" word"'],
    ['two\nlines, and a comma', '"two\nlines, and a comma"'],
    ['🌊 ñ', '"🌊 ñ"'],
    ['', '""'],
  ])('keeps %j', (text, kept) => {
    expect(cell(text)).toBe(kept);
  });
});
