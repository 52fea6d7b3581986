import { plainDigits } from './normalise.ts';

// Up to five letters, an optional "-", "_" or "#", then at least three digits, perhaps in groups: A-1001, #10042, ORD-2026-0042.
const anyId = /(?<![\p{L}\p{N}])(?:\p{L}{1,5}[-_#]?|#)?\d{3,}(?:[-_/]\d{1,8}){0,3}(?![\p{L}\p{N}])/gu;

/** `A-####` as a pattern: # a digit, @ a letter, everything else itself. */
function patternOf(format: string): RegExp {
  const body = [...format.trim()]
    .map((sign) => (sign === '#' ? '\\d' : sign === '@' ? '\\p{L}' : sign.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')))
    .join('');
  // Built from single signs only: no repetition, so no way to run long.
  return new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, 'giu');
}

/** The order numbers in a text, digits of any script as 0 to 9, in capitals and without a leading "#"; at most 20. */
export const findOrderIds = (text: string, format: string): string[] =>
  [...plainDigits(text.slice(0, 5_000).normalize('NFKC')).matchAll(format.trim() === '' ? anyId : patternOf(format))]
    .slice(0, 20)
    .map((found) => found[0].toUpperCase().replace(/^#/, ''));
