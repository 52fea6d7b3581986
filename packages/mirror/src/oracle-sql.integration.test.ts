import { mirrorTables, type MirrorTable, type MirrorValues } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flatViewSql } from './flat-view.ts';
import { addColumnSql, bindRow, createTableSql, deleteSql, mergeSql, sweepSql } from './oracle-sql.ts';
import { generationColumn, tableName } from './target.ts';

// There is no Oracle to be had here. PostgreSQL knows MERGE too: with Oracle's names for types, its one-row table and its time function lent to it, our
// statements run as they are, so what they do to rows is tested; that Oracle reads them the same way is not.
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(`create table dual (dummy text); insert into dual values ('X');
    create function to_timestamp_tz(at text, format text) returns timestamptz language sql as 'select at::timestamptz';
    create domain clob as text`);
  for (const table of mirrorTables) await run(inPostgres(createTableSql(table)));
});
afterAll(() => database.close());

const inPostgres = (ddl: string) =>
  ddl
    .replaceAll('varchar2(', 'varchar(')
    .replaceAll(' char)', ')')
    .replaceAll('number(', 'numeric(')
    .replace(' add (', ' add column (')
    .replace(/add column \((.*)\)$/, 'add column $1');

function run(sql: string, binds: Record<string, unknown> = {}) {
  const names = Object.keys(binds);
  const numbered = sql.replaceAll(/(?<!")(?<!\d):([a-z_]+)/g, (_, name: string) => `$${names.indexOf(name) + 1}`);
  return database.pool.query(numbered, Object.values(binds));
}

const table = (name: MirrorTable['name']) => mirrorTables.find((each) => each.name === name)!;
const upsert = (of: MirrorTable, row: MirrorValues, generation: number) => run(mergeSql(of), bindRow(of, row, generation));
const rows = async (name: string) => (await database.pool.query(`select * from holdfast_${name} order by id`)).rows;

test.each(mirrorTables)('a row of $name is put in, then changed in every column, then left alone', async (of) => {
  const value = (type: string, n: number) =>
    type === 'time' ? `2026-11-23T09:00:0${n}.00000${n}+01:00` : type === 'integer' ? n : type === 'flag' ? n === 1 : `${type} ${n}`;
  const make = (n: number) => ({ ...Object.fromEntries(of.columns.map(({ name, type }) => [name, value(type, n)])), id: 'row_1' });
  await upsert(of, make(1), 1);
  const [first] = await rows(of.name);
  await upsert(of, make(2), 2);
  const [second] = await rows(of.name);
  const unchanged = Object.keys(first).filter((name) => name !== 'id' && JSON.stringify(first[name]) === JSON.stringify(second[name]));
  expect(unchanged).toEqual([]);
  await upsert(of, make(2), 2);
  expect(await rows(of.name)).toEqual([second]);
  await run(deleteSql(of), { id: 'row_1' });
  expect(await rows(of.name)).toEqual([]);
});

test('rows of an earlier copy are swept in portions, those of this one stay', async () => {
  const contacts = table('contacts');
  for (const [id, generation] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const)
    await upsert(contacts, { id, name: id }, generation);
  await database.pool.query(`insert into holdfast_contacts (id) values ('theirs')`);
  const sweep = async () => (await run(sweepSql(contacts), { generation: 2, most: 2 })).rowCount;
  expect([await sweep(), await sweep(), await sweep()]).toEqual([2, 1, 0]);
  expect((await rows('contacts')).map(({ id }) => id)).toEqual(['c']);
});

test('the view shows a message with its channel and contact, and a column can be added', async () => {
  await run(flatViewSql);
  await upsert(table('channels'), { id: 'h', name: 'Shop', platform: 'sms' }, 1);
  await upsert(table('contacts'), { id: 'p', name: 'Ana' }, 1);
  await upsert(table('conversations'), { id: 'k', channel_id: 'h', contact_id: 'p', address: '+34600000000' }, 1);
  await upsert(table('messages'), { id: 'm', conversation_id: 'k', text: 'Hello' }, 1);
  expect((await database.pool.query('select id, channel, contact, address, text from holdfast_store')).rows).toEqual([
    { id: 'm', channel: 'Shop', contact: 'Ana', address: '+34600000000', text: 'Hello' },
  ]);
  await database.pool.query(`alter table ${tableName(table('messages'))} drop column ${generationColumn}`);
  await run(inPostgres(addColumnSql(table('messages'), { name: generationColumn, type: 'integer' })));
  expect((await rows('messages'))[0]).toMatchObject({ id: 'm', mirror_generation: null });
});
