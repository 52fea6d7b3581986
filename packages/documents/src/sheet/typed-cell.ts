import type { Cell } from './sheet.ts';

/** At most 15 digits, which a number keeps exactly; no zero before others, and no plus: those are codes and phone numbers. */
const number = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?$/;
const digits = /\d/g;

/** A csv cell as the value that it plainly is; anything doubtful stays the text that it was. */
export function typedCell(text: string): Cell {
  const trimmed = text.trim();
  if (number.test(trimmed) && (trimmed.match(digits)?.length ?? 0) <= 15) return Number(trimmed);
  const lower = trimmed.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : text;
}
