import { mirrorTables, type MirrorValues } from '@holdfast/db';
import { expect, test } from 'vitest';
import { bindRow, createTableSql, isShortRow, mergeSql, wordLength } from './oracle-sql.ts';
import { bindDefs } from './oracle-target.ts';
import { generationColumn, tableName } from './target.ts';

const messages = mirrorTables.find(({ name }) => name === 'messages')!;
const bindsIn = (sql: string) => new Set([...sql.matchAll(/(?<!")(?<!\d):([a-z_]+)/g)].map((found) => found[1]));

test.each(mirrorTables)('what is bound of $name is what its statement names, with a type each', (table) => {
  const names = new Set([...table.columns.map(({ name }) => name), generationColumn]);
  expect(bindsIn(mergeSql(table))).toEqual(names);
  expect(new Set(Object.keys(bindRow(table, {}, 1)))).toEqual(names);
  expect(new Set(Object.keys(bindDefs(table, true)))).toEqual(names);
});

// https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Oracle-SQL-Reserved-Words.html
const reserved = new Set(
  'access add all alter and any as asc audit between by char check cluster column column_value comment compress connect create current date decimal default delete desc distinct drop else exclusive exists file float for from grant group having identified immediate in increment index initial insert integer intersect into is level like lock long maxextents minus mlslabel mode modify nested_table_id noaudit nocompress not nowait null number of offline on online option or order pctfree prior public raw rename resource revoke row rowid rownum rows select session set share size smallint start successful synonym sysdate table then to trigger uid union unique update user validate values varchar varchar2 view whenever where with'.split(
    ' ',
  ),
);

test('every name is one that all versions of Oracle take without quotes', () => {
  const names = mirrorTables.flatMap((table) => [tableName(table), ...table.columns.map(({ name }) => name)]);
  expect(names.filter((name) => reserved.has(name) || name.length > 30 || !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
});

test('a table is made with a type for every kind of column', () => {
  expect(createTableSql(mirrorTables[2]!)).toBe(
    'create table holdfast_identities (id varchar2(200 char) primary key, workspace_id varchar2(200 char), contact_id varchar2(200 char), platform varchar2(1000 char), address varchar2(1000 char), created_at timestamp(6) with time zone, mirror_generation number(19))',
  );
});

test('times keep their microseconds and zone, flags become numbers, short texts are cut at whole characters', () => {
  const row: MirrorValues = {
    id: 'c',
    is_group: true,
    last_message_at: '2026-11-23T09:00:00+05:30',
    created_at: '2026-11-23T09:00:00.12-03:00',
    address: '👋'.repeat(wordLength + 1),
  };
  const conversations = mirrorTables.find(({ name }) => name === 'conversations')!;
  expect(bindRow(conversations, row, 7)).toMatchObject({
    is_group: 1,
    last_message_at: '2026-11-23T09:00:00.000000+05:30',
    created_at: '2026-11-23T09:00:00.120000-03:00',
    address: '👋'.repeat(wordLength),
    held_by: null,
    mirror_generation: 7,
  });
  expect(Buffer.byteLength('👋'.repeat(wordLength))).toBe(4_000);
});

test('only rows whose long texts fit into 4,000 bytes travel without large objects', () => {
  const of = (text: string) => isShortRow(messages, bindRow(messages, { id: 'm', text }, 1));
  expect([of(''), of('ñ'.repeat(2_000)), of('ñ'.repeat(2_001))]).toEqual([true, true, false]);
});
