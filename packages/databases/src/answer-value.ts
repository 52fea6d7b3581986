import { cleanJson, cleanText, depthOfJson, mostJsonDepth, type JsonValue } from '@holdfast/node-kit';

/** No more digits than these stay the same in a number of JSON. */
const safeDigits = 15;

/** Numbers of up to 15 digits as numbers, longer ones as text, so that no digit gets lost. */
export function numberOf(text: string): JsonValue {
  const digits = text.replaceAll(/[^0-9]/g, '').replace(/^0+/, '');
  const number = Number(text);
  return Number.isFinite(number) && text.trim() !== '' && digits.length <= safeDigits ? number : text;
}

/** A date with time and zone as ISO in UTC; what is no such (`infinity`, years before Christ) as it stands. */
export function momentOf(text: string): JsonValue {
  const read =
    /^\d{4}-\d\d-\d\d[ T]/.test(text) && !text.endsWith('BC') ? new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')) : null;
  return read === null || Number.isNaN(read.getTime()) ? text : read.toISOString();
}

export const binaryOf = (bytes: number): string => `[${bytes} bytes]`;

/** What is too deep stays a text. */
export function jsonOf(text: string): JsonValue {
  if (depthOfJson(text) > mostJsonDepth) return cleanText(text);
  try {
    return cleanJson(JSON.parse(text) as JsonValue); // what JSON.parse makes is JSON
  } catch {
    return cleanText(text);
  }
}

/** Names as they come, each once: the second `id` is `id_2`. */
export function columnNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let again = 2; taken.has(free); again += 1) free = `${name}_${again}`;
    taken.add(free);
    return cleanText(free);
  });
}
