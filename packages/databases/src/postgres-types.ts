import pg from 'pg';
import { cleanText, type JsonValue } from '@holdfast/node-kit';
import { binaryOf, jsonOf, momentOf, numberOf } from './answer-value.ts';

type Parser = (text: string) => JsonValue;

/** By the numbers that PostgreSQL gives its own types (pg_type.oid); everything else comes as its text. */
const parsers = new Map<number, Parser>([
  [16, (text) => text === 't'],
  // The length of \x0a0b is 2.
  [17, (text) => binaryOf(text.startsWith('\\x') ? (text.length - 2) / 2 : text.length)],
  ...[20, 21, 23, 26, 700, 701, 1700].map((oid): [number, Parser] => [oid, numberOf]),
  [114, jsonOf],
  [3802, jsonOf],
  [1114, (text) => text.replace(' ', 'T')],
  [1184, momentOf],
]);

/** Lists of numbers, texts, flags, ids and JSON; their driver's reader gives plain values for these. */
const lists = new Set([1000, 1005, 1007, 1009, 1014, 1015, 1021, 1022, 199, 3807, 2951]);

export const postgresTypes = {
  getTypeParser: (oid: number): Parser => {
    const own = parsers.get(oid);
    if (own) return own;
    if (lists.has(oid)) return (text) => asJson(pg.types.getTypeParser(oid)(text));
    return cleanText;
  },
};

const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue; // it came out of JSON
