import { createEgress, type Egress } from '@holdfast/egress';
import type { DatabaseRequest, DatabaseValue } from '@holdfast/node-kit';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { startCanary, startRelay, type Relay } from '@holdfast/test-kit/fakes';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseCredential } from './access.ts';
import { createDatabases, type Databases } from './create-databases.ts';

let database: TestDatabase;
let admin: pg.Client;
let egress: Egress;
let databases: Databases;
let where: { host: string; port: string; database: string };
// Roles are of the whole server, which other files use too.
const role = `reader_${crypto.randomUUID().slice(0, 8)}`;
const password = 'tang-und-anker-9';

beforeAll(async () => {
  database = await testDatabase();
  const url = new URL(database.url);
  where = { host: url.hostname, port: url.port, database: url.pathname.slice(1) };
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`create schema shop`);
  await admin.query(
    `create table shop.orders (id bigint primary key generated always as identity, number text not null unique, total numeric(20, 4), placed timestamptz, extra jsonb, raw bytea, paid boolean, constraint total_is_positive check (total >= 0))`,
  );
  await admin.query(`create role ${role} login password '${password}'`);
  await admin.query(`grant usage on schema shop to ${role}`);
  await admin.query(`grant select, insert, update, delete on shop.orders to ${role}`);
  egress = createEgress();
  databases = createDatabases(egress);
});
afterAll(async () => {
  await databases.close();
  await admin.query(`drop owned by ${role}`);
  await admin.query(`drop role ${role}`);
  await admin.end();
  await egress.close();
  await database.close();
});

const credential = (settings: Record<string, string> = {}): DatabaseCredential => ({
  kind: 'postgresql',
  name: 'Shop',
  settings: { ...where, user: role, tls: 'off', writing: 'allowed', network: 'inside', schemas: 'shop', ...settings },
  secret: { password },
});
const text = (name: string, value: string): DatabaseValue => ({ name, value, as: 'text', emptyIsNull: false });
type Asked = Partial<Omit<DatabaseRequest, 'values'>> & { sql: string; values?: readonly DatabaseValue[]; signal?: AbortSignal };
const ask = ({ signal, ...given }: Asked, settings: Record<string, string> = {}, among: Databases = databases) =>
  among.query({
    workspaceId: 'ws_1',
    credential: credential(settings),
    request: { operation: 'query', values: [], mostRows: 100, timeoutMs: 60_000, isRepeatable: false, ...given },
    signal,
  });
const change = (sql: string, values: readonly DatabaseValue[] = [], more: Partial<Omit<Asked, 'values'>> = {}) =>
  ask({ operation: 'change', sql, values, ...more });
const count = async (): Promise<number> => Number((await admin.query('select count(*) from shop.orders')).rows[0].count);

describe('values', () => {
  test('come back as they went in, whatever they hold', async () => {
    const values: DatabaseValue[] = [
      text('name', "Robert'); drop table shop.orders; --"),
      { name: 'amount', value: '12345678901234567890.1234', as: 'number', emptyIsNull: true },
      { name: 'short', value: 12.5, as: 'number', emptyIsNull: true },
      { name: 'paid', value: 'yes', as: 'yes-no', emptyIsNull: true },
      { name: 'day', value: '2026-11-23', as: 'date', emptyIsNull: true },
      { name: 'moment', value: '2026-11-23T10:00:00.123+02:00', as: 'date', emptyIsNull: true },
      { name: 'extra', value: { a: [1, 'ü🪸'] }, as: 'json', emptyIsNull: true },
      { name: 'nothing', value: '', as: 'number', emptyIsNull: true },
    ];
    const { rows } = await ask({
      sql: `select :name::text as name, ':name' as quoted, :amount::numeric as amount, :short::numeric as short, :paid::boolean as paid, :day::date as day,
        :moment::timestamptz as moment, :extra::jsonb as extra, :nothing::numeric as nothing, :name::text || :name::text = :name::text as again, -- :unknown
        '2026-11-23 10:00'::timestamp as local, '\\x0a0b'::bytea as bytes, 9007199254740993::bigint as big, count(*) as many, array[1,2] as list, 'NaN'::float8 as nan
        from (values (1), (2)) as v;`,
      values,
    });
    expect(rows).toEqual([
      {
        name: values[0]?.value,
        quoted: ':name',
        amount: '12345678901234567890.1234',
        short: 12.5,
        paid: true,
        day: '2026-11-23',
        moment: '2026-11-23T08:00:00.123Z',
        extra: { a: [1, 'ü🪸'] },
        nothing: null,
        again: false,
        local: '2026-11-23T10:00:00',
        bytes: '[2 bytes]',
        big: '9007199254740993',
        many: 2,
        list: [1, 2],
        nan: 'NaN',
      },
    ]);
  });

  test('never become a part of the command', async () => {
    await change('insert into orders (number) values (:number)', [text('number', 'A-1')]);
    for (const evil of [
      "x' or '1'='1",
      '1; delete from shop.orders',
      "'; commit; drop table shop.orders; --",
      '$1',
      ':number',
      '\\',
      "E'\\''",
    ])
      expect(await ask({ sql: 'select * from orders where number = :number', values: [text('number', evil)] })).toMatchObject({
        rowCount: 0,
      });
    expect(await count()).toBe(1);
  });

  test('that are not what they should be are refused in plain words, asked of nobody', async () => {
    const { refusal } = await ask({ sql: 'select :n', values: [{ name: 'n', value: 'seven', as: 'number', emptyIsNull: true }] });
    expect(refusal).toMatchObject({ kind: 'value', reason: expect.stringContaining(':n should be a number') });
    const unfit = await ask({ sql: 'select * from orders where id = :id', values: [text('id', 'A-7')] });
    expect(unfit.refusal).toMatchObject({ kind: 'value' });
    await expect(ask({ sql: 'select :n' })).rejects.toMatchObject({ code: 'step.config', path: 'values' });
  });

  test('two columns of one name are told apart', async () => {
    expect((await ask({ sql: 'select 1 as id, 2 as id, 3 as id' })).rows).toEqual([{ id: 1, id_2: 2, id_3: 3 }]);
  });
});

describe('reading', () => {
  test('changes nothing, whatever is tried: the server itself refuses', async () => {
    const before = await count();
    for (const sql of [
      'with gone as (delete from orders returning *) select * from gone',
      "select set_config('transaction_read_only', 'off', false)",
      'select * from orders for update',
      'select 1 into temporary kept from orders',
    ])
      await expect(ask({ sql }), sql).rejects.toMatchObject({ code: 'step.config' });
    for (const sql of [
      'delete from orders',
      'select 1; delete from orders',
      'do $$ begin end $$',
      'call x()',
      '{{ trigger.text }}',
      "select '",
      'select /* /* */ 1',
    ])
      await expect(ask({ sql }), sql).rejects.toMatchObject({ code: 'step.config', path: 'sql' });
    expect(await count()).toBe(before);
  });

  test('is all that a connection allows where nobody said more', async () => {
    const before = await count();
    const asked = ask({ operation: 'change', sql: 'delete from orders' }, { writing: 'refused' });
    await expect(asked).rejects.toMatchObject({ code: 'credential.host', detail: expect.stringContaining('for reading only') });
    expect(await count()).toBe(before);
  });

  test('what one statement set does not reach the next one', async () => {
    await ask({
      sql: "select set_config('search_path', 'pg_catalog', false), set_config('application_name', 'evil', false), pg_advisory_lock(7)",
    });
    const { rows } = await ask({ sql: "select current_setting('application_name') as app, current_schema() as schema" });
    expect(rows).toEqual([{ app: 'holdfast', schema: 'shop' }]);
    await expect
      .poll(async () => (await admin.query('select 1 from pg_locks where locktype = $1 and objid = 7', ['advisory'])).rowCount)
      .toBe(0);
  });

  test('brings so many rows and bytes at most, and says so', async () => {
    const some = await ask({ sql: 'select n from generate_series(1, 1000000) as n', mostRows: 120 });
    expect(some).toMatchObject({ rowCount: 120, isTruncated: true });
    expect(some.rows.at(-1)).toEqual({ n: 120 });
    expect(await ask({ sql: 'select n from generate_series(1, 120) as n', mostRows: 120 })).toMatchObject({
      rowCount: 120,
      isTruncated: false,
    });
    expect(await ask({ sql: "select repeat('x', 300000) as x from generate_series(1, 10) as n" })).toMatchObject({
      rowCount: 3,
      isTruncated: true,
    });
  });

  test('a statement that the database does not understand is the builder’s to mend', async () => {
    await expect(ask({ sql: 'select statsu from orders' })).rejects.toMatchObject({
      code: 'step.config',
      detail: expect.stringContaining('statsu'),
    });
    await expect(ask({ sql: 'select * from runs' })).rejects.toMatchObject({ code: 'step.config' });
    await expect(ask({ sql: 'select * from public.runs' })).rejects.toMatchObject({ code: 'upstream.refused' });
  });
});

describe('changing', () => {
  test('says how many rows, and gives what they return', async () => {
    expect(
      await change('insert into orders (number, total) values (:a, 1), (:b, 2) returning number', [text('a', 'B-1'), text('b', 'B-2')]),
    ).toMatchObject({
      rowCount: 2,
      rows: [{ number: 'B-1' }, { number: 'B-2' }],
    });
    expect(await change('update orders set paid = true where number = :a', [text('a', 'B-1')])).toMatchObject({ rowCount: 1, rows: [] });
    expect(await change('update orders set paid = true where number = :a', [text('a', 'nobody')])).toMatchObject({
      rowCount: 0,
      refusal: null,
    });
  });

  test('takes back what concerns more rows than it may', async () => {
    const before = await count();
    for (const returning of ['', ' returning *'])
      expect(
        await change(`insert into orders (number) select 'C-' || n from generate_series(1, 60) as n${returning}`, [], { mostRows: 59 }),
      ).toMatchObject({
        refusal: { kind: 'too-many', reason: expect.stringContaining('60 rows') },
      });
    expect(await count()).toBe(before);
  });

  test.each([
    ['exists-already', "insert into orders (number) values ('A-1')", { constraint: 'orders_number_key', columns: ['number'] }],
    ['rule', "insert into orders (number, total) values ('D-1', -1)", { constraint: 'total_is_positive' }],
    ['missing', 'insert into orders (total) values (1)', { columns: ['number'] }],
    ['value', "insert into orders (number, total) values ('D-1', 1e30)", {}],
  ])('what is refused as %s is named, without the values', async (kind, sql, named) => {
    const { refusal } = await change(sql);
    expect(refusal).toMatchObject({ kind, ...named });
    expect(refusal?.reason).not.toContain('A-1');
  });
});

describe('what takes too long', () => {
  test('is stopped by the server', async () => {
    await expect(ask({ sql: 'select pg_sleep(600)', timeoutMs: 50 })).rejects.toMatchObject({ code: 'upstream.timeout' });
  });

  test('is stopped there too when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const asked = ask({ sql: 'select pg_sleep(600), 4711', signal: gone.signal });
    const thrown = asked.catch((error: unknown) => error);
    const running = async () =>
      (await admin.query("select 1 from pg_stat_activity where usename = $1 and state = 'active' and query like '%4711%'", [role]))
        .rowCount;
    await expect.poll(running).toBe(1);
    gone.abort();
    expect(await thrown).toMatchObject({ code: 'upstream.timeout' });
    await expect.poll(running).toBe(0);
  });

  test('given up while its connection was on its way asks nothing any more: its step may be tried again by then', async () => {
    const before = await count();
    await ask({ sql: 'select 1' });
    const late = change('insert into orders (number) values (:n)', [text('n', 'too late')], { signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject({ code: 'upstream.timeout' });
    expect(await count()).toBe(before);
  });
});

describe('a connection that breaks', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = await startRelay({ host: where.host, port: Number(where.port) });
  });
  afterAll(() => relay.close());
  const through = () => ({ host: '127.0.0.1', port: String(relay.port) });
  const active = async (like: string) =>
    (await admin.query('select 1 from pg_stat_activity where usename = $1 and state = $2 and query ilike $3', [role, 'active', like]))
      .rowCount;

  test('before a change was to be kept has changed nothing, and may be tried again', async () => {
    const before = await count();
    const sql = "insert into orders (number) select 'E-1' from (select pg_sleep(600)) as s";
    const asked = ask({ operation: 'change', sql }, through());
    const thrown = asked.catch((error: unknown) => error);
    await expect.poll(() => active('%E-1%')).toBe(1);
    relay.cut();
    expect(await thrown).toMatchObject({ code: 'upstream.unreachable' });
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and query like $2', [role, '%E-1%']);
    relay.mend();
    expect(await count()).toBe(before);
    expect(await ask({ sql: 'select 1 as one' }, through())).toMatchObject({ rows: [{ one: 1 }] });
  });

  test('while a change is being kept leaves open what came of it: nobody repeats it', async () => {
    await admin.query(
      `create function shop.wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$`,
    );
    await admin.query(
      `create constraint trigger slow_commit after insert on shop.orders deferrable initially deferred for each row execute function shop.wait_long()`,
    );
    const asked = ask({ operation: 'change', sql: "insert into orders (number) values ('F-1')" }, through());
    const thrown = asked.catch((error: unknown) => error);
    await expect.poll(() => active('commit')).toBe(1);
    relay.cut();
    expect(await thrown).toMatchObject({ code: 'upstream.ambiguous' });
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role]);
    await admin.query('drop trigger slow_commit on shop.orders');
    relay.mend();
  });
});

describe('where it goes', () => {
  test('only a server that may be reached is dialled, for either kind, however it is written', async () => {
    const canary = await startCanary();
    try {
      for (const kind of ['postgresql', 'oracle'])
        for (const tls of ['off', 'require'])
          for (const host of [
            '127.0.0.1',
            'localhost',
            '2130706433',
            '0x7f.1',
            '::1',
            '::ffff:127.0.0.1',
            '0.0.0.0',
            '169.254.169.254',
            '10.0.0.1',
          ]) {
            const settings = { ...where, host, port: String(canary.port), user: role, tls, writing: 'refused', network: 'outside' };
            const asked = databases.test({ credential: { kind, settings, secret: { password } } });
            await expect(asked, `${kind} ${host}`).rejects.toMatchObject({
              code: expect.stringMatching(/^(?:egress\.blocked|upstream\.unreachable)$/),
            });
          }
      expect(canary.touches).toBe(0);
    } finally {
      await canary.close();
    }
  });

  test('what the environment says of PostgreSQL leads nowhere else and changes nothing', async () => {
    const canary = await startCanary();
    const own = createDatabases(egress);
    const set = {
      PGHOST: canary.host,
      PGHOSTADDR: canary.host,
      PGPORT: String(canary.port),
      PGUSER: 'nobody',
      PGDATABASE: 'nothing',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'direct',
      PGSERVICE: 'evil',
      PGOPTIONS: '-c search_path=pg_catalog',
      PGREPLICATION: 'database',
      PGPASSFILE: '/nowhere',
    };
    const before = { ...process.env };
    try {
      Object.assign(process.env, set);
      expect((await ask({ sql: 'select current_user as who, current_schema() as schema' }, {}, own)).rows).toEqual([
        { who: role, schema: 'shop' },
      ]);
      expect(canary.touches).toBe(0);
    } finally {
      for (const name of Object.keys(set)) delete process.env[name];
      Object.assign(process.env, before);
      await own.close();
      await canary.close();
    }
  });

  test('a wrong password is named, and stands in no word of it', async () => {
    const wrong = { ...credential(), secret: { password: 'kelp-und-anker-8' } };
    const thrown: unknown = await databases.test({ credential: wrong }).catch((error: unknown) => error);
    // A server that trusts every local connection has nothing to refuse.
    const said = thrown instanceof Error ? [thrown, String(thrown), String(thrown.cause)] : [];
    expect(JSON.stringify(said)).not.toContain('kelp-und-anker-8');
    expect(await databases.test({ credential: credential() })).toContain('answers');
    await expect(databases.test({ credential: credential({ database: 'no_such_db' }) })).rejects.toMatchObject({
      code: 'upstream.refused',
    });
  });

  test('few connections serve many statements, and those that nobody wants are closed', async () => {
    const own = createDatabases({ ...egress, idleMs: 20 });
    const settings = { user: role, schemas: '' };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => ask({ sql: `select ${n} as n, pg_backend_pid() as pid` }, settings, own)),
    );
    expect(answers.map(({ rows }) => rows[0]?.['n'])).toEqual(Array.from({ length: 12 }, (_, n) => n));
    const pids = new Set(answers.map(({ rows }) => Number(rows[0]?.['pid'])));
    expect(pids.size).toBeLessThanOrEqual(4);
    await expect.poll(async () => (await admin.query('select 1 from pg_stat_activity where pid = any($1)', [[...pids]])).rowCount).toBe(0);
    await own.close();
  });
});
