import { isIP } from 'node:net';
import { mirrorLayout, mirrorTables, type MirrorColumnType, type MirrorTable } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import pg from 'pg';
import { flatViewSql } from './flat-view.ts';
import { currentOf, refuseForeign } from './whose-mirror.ts';
import {
  controlTable,
  generationColumn,
  SupersededError,
  tableName,
  type MirrorBatch,
  type MirrorTarget,
  type Session,
  type TargetAccess,
  type Vet,
} from './target.ts';
import { inPeoplesWords, targetProblem } from './target-problem.ts';

const connectMs = 10_000;
const statementMs = 60_000;
const mostAddresses = 3;

export const postgresTypes: Record<MirrorColumnType, string> = {
  id: 'text',
  word: 'text',
  text: 'text',
  json: 'jsonb',
  time: 'timestamptz',
  integer: 'bigint',
  flag: 'boolean',
};

/** Throws mirror.target, egress.blocked and upstream.unreachable. */
export async function openPostgresTarget(access: TargetAccess, vet: Vet): Promise<MirrorTarget> {
  const client = await connect(access, (await vet(access.host, access.port)).slice(0, mostAddresses));
  const told = inPeoplesWords(access);
  return {
    check: told(() => check(client, access)),
    begin: told((session) => begin(client, session)),
    resume: told((session) => resume(client, session)),
    apply: told((session, batch) => transaction(client, session, () => apply(client, batch))),
    sweep: told((session, args) => transaction(client, session, () => sweep(client, args))),
    close: () => client.end().catch(() => undefined),
  };
}

async function connect(access: TargetAccess, addresses: readonly string[]): Promise<pg.Client> {
  let last: unknown;
  for (const address of addresses) {
    const client = new pg.Client(optionsOf(access, address));
    // Without a listener a connection that is cut while nobody waits would end the process; whoever waits hears of it by their promise.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(`set search_path to ${quoted(access.schema)}`);
      return client;
    } catch (error) {
      last = error;
      await client.end().catch(() => undefined);
    }
  }
  throw targetProblem(last, access);
}

const optionsOf = (access: TargetAccess, address: string): pg.ClientConfig => ({
  host: address,
  port: access.port,
  database: access.database,
  user: access.user,
  password: access.password,
  application_name: 'holdfast-mirror',
  connectionTimeoutMillis: connectMs,
  statement_timeout: statementMs,
  query_timeout: statementMs + 5_000,
  // A frozen process of ours must not hold the row that the next one needs.
  idle_in_transaction_session_timeout: statementMs,
  lock_timeout: 20_000,
  keepAlive: true,
  ssl:
    access.tls === 'off'
      ? false
      : {
          rejectUnauthorized: true,
          ...(isIP(access.host) === 0 ? { servername: access.host } : { host: access.host }),
          ...(access.certificates === null ? {} : { ca: access.certificates }),
        },
});

async function check(client: pg.Client, { schema, user, host }: TargetAccess): Promise<string> {
  const { rows } = await client.query<{ version: string; encoding: string; isThere: boolean; mayCreate: boolean; hasTables: boolean }>(
    `select current_setting('server_version') as version, current_setting('server_encoding') as encoding, exists (select from pg_namespace where nspname = $1) as "isThere",
        coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = $1), false) as "mayCreate",
        to_regclass('${controlTable}') is not null as "hasTables"`,
    [schema],
  );
  const [found] = rows;
  if (!found?.isThere)
    throw new HoldfastError('mirror.target', {
      detail: say`There is no schema "${schema}" there.`,
      hint: say`Create it: create schema ${schema};`,
    });
  if (found.encoding !== 'UTF8')
    throw new HoldfastError('mirror.target', {
      detail: say`That database keeps text as ${found.encoding}, which has no room for every language and emoji.`,
      hint: "Create one with encoding 'UTF8'.",
    });
  if (!found.mayCreate && !found.hasTables)
    throw new HoldfastError('mirror.target', {
      detail: say`The user "${user}" may not create tables in the schema "${schema}".`,
      hint: say`Let it: grant usage, create on schema ${schema} to "${user}";`,
    });
  return `PostgreSQL ${found.version} at ${host} answers.`;
}

/** Everything in one transaction, in which nobody else begins. */
async function begin(client: pg.Client, session: Session & { takesOver: boolean }): Promise<number> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtext('${controlTable}'), hashtext(current_schema()))`);
    await client.query(
      `create table if not exists ${controlTable} (name text primary key, source text not null, layout integer not null, epoch bigint not null, generation bigint not null, begun_at timestamptz not null)`,
    );
    const { rows } = await client.query<{ source: string }>(`select source from ${controlTable} where name = 'store' for update`);
    refuseForeign(rows[0]?.source, session);
    for (const table of mirrorTables) for (const statement of tableStatements(table)) await client.query(statement);
    await client.query(flatViewSql);
    const begun = await client.query<{ generation: string | number }>(
      `insert into ${controlTable} (name, source, layout, epoch, generation, begun_at) values ('store', $1, $2, $3, 1, now())
        on conflict (name) do update set source = excluded.source, layout = excluded.layout, epoch = excluded.epoch, generation = ${controlTable}.generation + 1, begun_at = now()
        returning generation`,
      [session.source, mirrorLayout, session.epoch],
    );
    await client.query('commit');
    return Number(begun.rows[0]?.generation);
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

const tableStatements = (table: MirrorTable): string[] => {
  const name = tableName(table);
  const columns = [...table.columns.map((column) => `${column.name} ${postgresTypes[column.type]}`), `${generationColumn} bigint`];
  return [
    `create table if not exists ${name} (id text primary key)`,
    ...columns.slice(1).map((column) => `alter table ${name} add column if not exists ${column}`),
    ...(table.name === 'messages'
      ? [
          `create index if not exists ${name}_of_conversation on ${name} (conversation_id, created_at)`,
          `create index if not exists ${name}_of_author on ${name} (author_id) where author_id is not null`,
        ]
      : []),
  ];
};

async function resume(client: pg.Client, session: Session): Promise<{ isCurrent: boolean }> {
  const { rows } = await client.query<{ source: string; layout: number }>(
    `select source, layout from ${controlTable} where name = 'store'`,
  );
  return currentOf(rows[0], session);
}

/** The control row is locked first, so that sessions take turns; one that was overtaken hears it there and changes nothing. */
async function transaction<T>(client: pg.Client, { source, epoch }: Session, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const fence = await client.query(`update ${controlTable} set epoch = $2 where name = 'store' and source = $1 and epoch <= $2`, [
      source,
      epoch,
    ]);
    if (fence.rowCount !== 1) throw new SupersededError('Another process brings this mirror’s changes.');
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function apply(client: pg.Client, { tables, authors, generation }: MirrorBatch): Promise<void> {
  for (const { table, rows, gone } of tables) {
    if (rows.length > 0) await client.query(upsertSql(table), [JSON.stringify(rows), generation]);
    if (gone.length > 0) await client.query(`delete from ${tableName(table)} where id = any ($1)`, [gone]);
  }
  if (authors.length > 0)
    await client.query(
      `update holdfast_messages m set author_name = a.name from json_to_recordset($1::json) as a (id text, name text)
        where m.author_id = a.id and m.author_name is distinct from a.name`,
      [JSON.stringify(authors)],
    );
}

/** One statement for any number of rows: they travel as JSON, in which JSON columns are text, so that no number in them changes. */
function upsertSql(table: MirrorTable): string {
  const name = tableName(table);
  const names = table.columns.map((column) => column.name);
  const given = table.columns.map((column) => `${column.name} ${column.type === 'json' ? 'text' : postgresTypes[column.type]}`);
  const values = table.columns.map((column) => (column.type === 'json' ? `r.${column.name}::jsonb` : `r.${column.name}`));
  const sets = [...names.slice(1), generationColumn].map((column) => `${column} = excluded.${column}`);
  return `insert into ${name} (${names.join(', ')}, ${generationColumn}) select ${values.join(', ')}, $2::bigint from json_to_recordset($1::json) as r (${given.join(', ')})
    on conflict (id) do update set ${sets.join(', ')}`;
}

async function sweep(client: pg.Client, args: { table: MirrorTable; generation: number; limit: number }): Promise<number> {
  const name = tableName(args.table);
  const { rowCount } = await client.query(
    `delete from ${name} where id in (select id from ${name} where ${generationColumn} is distinct from $1 limit $2)`,
    [args.generation, args.limit],
  );
  return rowCount ?? 0;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
