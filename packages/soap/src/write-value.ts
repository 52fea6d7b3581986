import { say, type Words } from '@holdfast/errors';
import { escapeXml, type JsonValue, type XmlKind } from '@holdfast/node-kit';

/** Why a value does not fit, in words that go behind it: `"abc" is not a whole number`. */
export type Written = { text: string } | { problem: Words };

const patterns: Partial<Record<XmlKind, [RegExp, string]>> = {
  integer: [/^[+-]?\d+$/, 'is not a whole number'],
  decimal: [/^[+-]?(\d+(\.\d*)?|\.\d+)$/, 'is not a number'],
  double: [/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^-?INF$|^NaN$/i, 'is not a number'],
  date: [/^\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/, 'is not a date as 2026-11-23'],
  dateTime: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/, 'is not a moment as 2026-11-23T10:00:00Z'],
  time: [/^\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/, 'is not a time as 10:00:00'],
  base64: [/^[A-Za-z0-9+/\s]*={0,2}\s*$/, 'is not Base64'],
  hex: [/^([0-9a-f]{2})*$/i, 'is not hexadecimal'],
};
const booleans: Readonly<Record<string, string>> = {
  true: 'true',
  false: 'false',
  1: 'true',
  0: 'false',
  yes: 'true',
  no: 'false',
  sí: 'true',
  si: 'true',
};

/** A value as XML Schema writes it. Nothing is guessed: what does not fit is told. */
export function writeValue(value: JsonValue, kind: XmlKind, allowed?: readonly string[]): Written {
  if (value === null || typeof value === 'object') return { problem: 'is no single value' };
  const given = String(value);
  const text = kind === 'text' || kind === 'xml' ? given : given.trim();
  if (allowed && !allowed.includes(text))
    return { problem: say`is none of ${allowed.slice(0, 12).join(', ')}${allowed.length > 12 ? ', …' : ''}` };
  // A date alone is a moment too: its beginning.
  if (kind === 'dateTime' && patterns.date?.[0].test(text)) return { text: text.replace(/^(\d{4}-\d\d-\d\d)/, '$1T00:00:00') };
  if (kind === 'date' && patterns.dateTime?.[0].test(text)) return { text: text.slice(0, 10) };
  if (kind === 'boolean') {
    const known = booleans[text.toLowerCase()];
    return known === undefined ? { problem: 'is neither true nor false' } : { text: known };
  }
  // JavaScript writes large and small numbers as 1e21, which a decimal can't be.
  if (kind === 'decimal' && typeof value === 'number' && /e/.test(text) && Number.isFinite(value))
    return { text: BigInt.asIntN(256, BigInt(Math.round(value))).toString() };
  const [pattern, problem] = patterns[kind] ?? [];
  return pattern && !pattern.test(text) ? { problem: problem ?? 'does not fit' } : { text };
}

/** Text in an attribute, where line breaks and tabs would become spaces. */
export const escapeAttribute = (text: string): string => escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
