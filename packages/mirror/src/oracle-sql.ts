import type { MirrorColumn, MirrorColumnType, MirrorTable, MirrorValues } from '@holdfast/db';
import { generationColumn, tableName } from './target.ts';

/** Characters that a short text may have there; longer ones are cut. 1,000 of them never take more than VARCHAR2's 4,000 bytes. */
export const wordLength = 1_000;

export const oracleTypes: Record<MirrorColumnType, string> = {
  id: 'varchar2(200 char)',
  word: `varchar2(${wordLength} char)`,
  text: 'clob',
  json: 'clob',
  time: 'timestamp(6) with time zone',
  integer: 'number(19)',
  flag: 'number(1)',
};

export const createTableSql = (table: MirrorTable): string =>
  `create table ${tableName(table)} (${table.columns.map(({ name, type }) => `${name} ${oracleTypes[type]}${name === 'id' ? ' primary key' : ''}`).join(', ')}, ${generationColumn} number(19))`;

export const addColumnSql = (table: MirrorTable, { name, type }: Pick<MirrorColumn, 'name' | 'type'>): string =>
  `alter table ${tableName(table)} add (${name} ${oracleTypes[type]})`;

/** A time travels as text, because the driver's dates know milliseconds only. */
const bound = ({ name, type }: MirrorColumn): string =>
  type === 'time' ? `to_timestamp_tz(:${name}, 'YYYY-MM-DD"T"HH24:MI:SS.FF6TZH:TZM')` : `:${name}`;

export function mergeSql(table: MirrorTable): string {
  const others = table.columns.filter(({ name }) => name !== 'id');
  const names = [...table.columns.map(({ name }) => name), generationColumn];
  const values = [...table.columns.map(bound), `:${generationColumn}`];
  return `merge into ${tableName(table)} t using (select :id as given_id from dual) s on (t.id = s.given_id)
when matched then update set ${[...others.map((column) => `${column.name} = ${bound(column)}`), `${generationColumn} = :${generationColumn}`].join(', ')}
when not matched then insert (${names.join(', ')}) values (${values.join(', ')})`;
}

export const deleteSql = (table: MirrorTable): string => `delete from ${tableName(table)} where id = :id`;

export const sweepSql = (table: MirrorTable): string =>
  `delete from ${tableName(table)} where id in (select id from ${tableName(table)} where ${generationColumn} <> :generation or ${generationColumn} is null fetch first :most rows only)`;

/** A bound row. Oracle knows no empty text: it is NULL there. */
export function bindRow(table: MirrorTable, row: MirrorValues, generation: number): Record<string, string | number | null> {
  const binds: Record<string, string | number | null> = { [generationColumn]: generation };
  for (const { name, type } of table.columns) binds[name] = bindValue(type, row[name] ?? null);
  return binds;
}

function bindValue(type: MirrorColumnType, value: string | number | boolean | null): string | number | null {
  if (value === null) return null;
  switch (type) {
    case 'flag':
      return value === true ? 1 : 0;
    case 'integer':
      return Number(value);
    case 'time':
      return withMicroseconds(String(value));
    case 'word':
      return [...String(value)].slice(0, wordLength).join('');
    case 'id':
    case 'text':
    case 'json':
      return String(value);
  }
}

/** PostgreSQL leaves away zeros at the end of a fraction, and the fraction of a full second; Oracle's format wants all six. */
function withMicroseconds(time: string): string {
  const [, before = time, fraction = '', zone = '+00:00'] = /^([\d-]+T[\d:]+)(?:\.(\d+))?([+-]\d{2}:\d{2})$/.exec(time) ?? [];
  return `${before}.${fraction.padEnd(6, '0')}${zone}`;
}

const shortText = 4_000;

/** Whether all long texts of a row fit where short ones go: those that do travel with the statement, the others need a round trip each. */
export const isShortRow = (table: MirrorTable, binds: Record<string, string | number | null>): boolean =>
  table.columns.every(
    ({ name, type }) => (type !== 'text' && type !== 'json') || Buffer.byteLength(String(binds[name] ?? '')) <= shortText,
  );
