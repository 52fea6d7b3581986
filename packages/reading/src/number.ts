import { plainDigits } from './normalise.ts';

const numberPattern = /(?<![\p{L}\p{N}])[-+−]?\d+(?:[.,'’\u00a0\u202f]\d+)*(?![\p{L}\p{N}])/gu;

/**
 * A written number in any usual way: `1,234.50`, `1.234,50`, `1 234,5`, `12,5`. A single separator followed by exactly three
 * digits counts as thousands, as people write prices (`1.500` is 1500).
 */
export function parseNumber(written: string): number | null {
  const text = plainDigits(written.normalize('NFKC'))
    .replace(/[−]/gu, '-')
    .replace(/[\s'’]/gu, '');
  if (!/^[-+]?\d+(?:[.,]\d+)*$/.test(text)) return null;
  const separators = [...text.matchAll(/[.,]/g)].map((found) => found[0]);
  const last = separators.at(-1);
  if (last === undefined) return Number(text);
  const isRepeated = separators.length > 1 && separators.every((separator) => separator === last);
  const tail = text.slice(text.lastIndexOf(last) + 1);
  const isThousands = isRepeated || (separators.length === 1 && tail.length === 3 && !/^[-+]?0[.,]/.test(text));
  if (isThousands) return Number(text.replace(/[.,]/g, ''));
  return Number(`${text.slice(0, text.lastIndexOf(last)).replace(/[.,]/g, '')}.${tail}`);
}

/** The numbers in a text, in order; at most 20. */
export const readNumbers = (text: string): { text: string; value: number }[] =>
  [...plainDigits(text.normalize('NFKC')).matchAll(numberPattern)]
    .slice(0, 20)
    .map((found) => ({ text: found[0], value: parseNumber(found[0]) }))
    .flatMap(({ text: written, value }) => (value === null ? [] : [{ text: written, value }]));
