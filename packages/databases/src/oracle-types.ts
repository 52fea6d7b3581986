import { cleanText, type JsonValue } from '@holdfast/node-kit';
import oracledb from 'oracledb';
import { binaryOf, jsonOf, numberOf } from './answer-value.ts';
import { maxAnswerBytes } from './session.ts';

/** Numbers come as their digits, so that none gets lost. */
export const fetchTypeOf = ({ dbType }: oracledb.Metadata<unknown>): { type: oracledb.DbType } | undefined =>
  dbType === oracledb.DB_TYPE_NUMBER ? { type: oracledb.DB_TYPE_VARCHAR } : undefined;

/** What the driver gave for one field. Texts of any length come up to a megabyte. */
export async function oracleValue(
  value: unknown,
  column: { dbType?: oracledb.DbType | number | undefined } | undefined,
): Promise<JsonValue> {
  const type = column?.dbType;
  if (value === null || value === undefined) return null;
  if (type === oracledb.DB_TYPE_NUMBER) return numberOf(typeof value === 'string' ? value : JSON.stringify(value));
  if (value instanceof Date)
    return type === oracledb.DB_TYPE_DATE || type === oracledb.DB_TYPE_TIMESTAMP ? withoutZone(value) : value.toISOString();
  if (Buffer.isBuffer(value)) return binaryOf(value.length);
  if (isLob(value)) return lobValue(value);
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  return jsonValue(value);
}

/** A date of Oracle's has no zone; the driver reads it as one of this machine's. */
const withoutZone = (date: Date): string => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().replace('Z', '');

const isLob = (value: unknown): value is oracledb.Lob =>
  typeof value === 'object' && value !== null && 'getData' in value && typeof value.getData === 'function';

async function lobValue(lob: oracledb.Lob): Promise<JsonValue> {
  const { type, length } = lob;
  const isText = type === oracledb.CLOB || type === oracledb.NCLOB;
  const read = isText && length > 0 ? await lob.getData(1, Math.min(length, maxAnswerBytes)) : null;
  lob.destroy();
  return isText ? cleanText(String(read ?? '')) : binaryOf(length);
}

/** JSON of the database, which may hold dates and bytes. */
const jsonValue = (value: unknown): JsonValue => jsonOf(JSON.stringify(value) ?? 'null');
