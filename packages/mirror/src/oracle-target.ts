import { openVettedTunnel } from '@holdfast/databases';
import { mirrorLayout, mirrorTables, type MirrorColumn, type MirrorTable } from '@holdfast/db';
import oracledb from 'oracledb';
import { flatViewSql } from './flat-view.ts';
import { addColumnSql, bindRow, createTableSql, deleteSql, isShortRow, mergeSql, sweepSql, wordLength } from './oracle-sql.ts';
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
import { currentOf, refuseForeign } from './whose-mirror.ts';

const connectSeconds = 10;
const statementMs = 60_000;

/** Always by TLS, through the driver's thin mode (no Oracle libraries). Throws mirror.target, egress.blocked and upstream.unreachable. */
export async function openOracleTarget(access: TargetAccess, vet: Vet): Promise<MirrorTarget> {
  const tunnel = await openVettedTunnel(vet);
  const connection = await oracledb.getConnection(connectionOf(access, tunnel.port)).catch((error: unknown) => {
    tunnel.close();
    throw targetProblem(tunnel.failure() ?? error, access);
  });
  tunnel.seal();
  connection.callTimeout = statementMs;
  const told = inPeoplesWords(access);
  return {
    check: told(() => check(connection, access)),
    begin: told((session) => begin(connection, session)),
    resume: told((session) => resume(connection, session)),
    apply: told((session, batch) => transaction(connection, session, () => apply(connection, batch))),
    sweep: told((session, args) => transaction(connection, session, () => sweep(connection, args))),
    close: async () => {
      await connection.close({ drop: true }).catch(() => undefined);
      tunnel.close();
    },
  };
}

/** Names were checked for parentheses. */
export function connectionOf(access: TargetAccess, proxyPort: number): oracledb.ConnectionAttributes {
  const { host, port, database, user, password, certificates, certificatesPassword } = access;
  return {
    user,
    password,
    connectString:
      `(description=(connect_timeout=${connectSeconds})(transport_connect_timeout=${connectSeconds})(retry_count=0)` +
      `(address=(protocol=tcps)(host=${host})(port=${port}))` +
      `(connect_data=(service_name=${database}))(security=(ssl_server_dn_match=yes)))`,
    // Counts for every address that the driver dials, also for those that a listener sends it to.
    httpsProxy: '127.0.0.1',
    httpsProxyPort: proxyPort,
    ...(certificates === null ? {} : { walletContent: certificates }),
    ...(certificatesPassword === null ? {} : { walletPassword: certificatesPassword }),
  };
}

async function check(connection: oracledb.Connection, { host }: TargetAccess): Promise<string> {
  await connection.execute('select 1 from dual');
  return `Oracle ${connection.oracleServerVersionString} at ${host} answers.`;
}

/** Every statement that makes something commits by itself in Oracle; each is safe to repeat. */
async function begin(connection: oracledb.Connection, session: Session & { takesOver: boolean }): Promise<number> {
  const made = await columnsThere(connection);
  if (!made.has(controlTable))
    await connection.execute(
      `create table ${controlTable} (name varchar2(20 char) primary key, source varchar2(200 char) not null, layout number(9) not null, epoch number(19) not null, generation number(19) not null, begun_at timestamp(6) with time zone not null)`,
    );
  const found = await controlRow(connection);
  refuseForeign(found?.source, session);
  for (const table of mirrorTables) await complete(connection, table, made.get(tableName(table)));
  await connection.execute(flatViewSql);
  const generation = (found?.generation ?? 0) + 1;
  await connection.execute(
    `merge into ${controlTable} t using (select 'store' as given from dual) s on (t.name = s.given)
      when matched then update set source = :source, layout = :layout, epoch = :epoch, generation = :generation, begun_at = systimestamp
      when not matched then insert (name, source, layout, epoch, generation, begun_at) values ('store', :source, :layout, :epoch, :generation, systimestamp)`,
    { source: session.source, layout: mirrorLayout, epoch: session.epoch, generation },
    { autoCommit: true },
  );
  return generation;
}

async function columnsThere(connection: oracledb.Connection): Promise<Map<string, Set<string>>> {
  const { rows = [] } = await connection.execute<[string, string]>(
    `select lower(table_name), lower(column_name) from user_tab_columns where lower(table_name) like 'holdfast\\_%' escape '\\'`,
  );
  const found = new Map<string, Set<string>>();
  for (const [table, column] of rows) found.set(table, (found.get(table) ?? new Set()).add(column));
  return found;
}

async function complete(connection: oracledb.Connection, table: MirrorTable, there: Set<string> | undefined): Promise<void> {
  if (!there) {
    await connection.execute(createTableSql(table));
    if (table.name === 'messages') {
      await connection.execute(`create index ${tableName(table)}_conv on ${tableName(table)} (conversation_id, created_at)`);
      await connection.execute(`create index ${tableName(table)}_auth on ${tableName(table)} (author_id)`);
    }
    return;
  }
  const wanted: Pick<MirrorColumn, 'name' | 'type'>[] = [...table.columns, { name: generationColumn, type: 'integer' }];
  for (const column of wanted) if (!there.has(column.name)) await connection.execute(addColumnSql(table, column));
}

async function controlRow(connection: oracledb.Connection): Promise<{ source: string; layout: number; generation: number } | undefined> {
  const { rows = [] } = await connection.execute<[string, number, number]>(
    `select source, layout, generation from ${controlTable} where name = 'store'`,
  );
  const [row] = rows;
  return row && { source: row[0], layout: row[1], generation: row[2] };
}

const resume = async (connection: oracledb.Connection, session: Session): Promise<{ isCurrent: boolean }> =>
  currentOf(await controlRow(connection), session);

/** As in PostgreSQL: the control row first, so that sessions take turns and one that was overtaken changes nothing. */
async function transaction<T>(connection: oracledb.Connection, { source, epoch }: Session, work: () => Promise<T>): Promise<T> {
  try {
    const fence = await connection.execute(
      `update ${controlTable} set epoch = :epoch where name = 'store' and source = :source and epoch <= :epoch`,
      { source, epoch },
    );
    if (fence.rowsAffected !== 1) throw new SupersededError('Another process brings this mirror’s changes.');
    const result = await work();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback().catch(() => undefined);
    throw error;
  }
}

async function apply(connection: oracledb.Connection, { tables, authors, generation }: MirrorBatch): Promise<void> {
  for (const { table, rows, gone } of tables) {
    const bound = rows.map((row) => bindRow(table, row, generation));
    const short = bound.filter((binds) => isShortRow(table, binds));
    const long = bound.filter((binds) => !isShortRow(table, binds));
    for (const [some, isLong] of [[short, false] as const, [long, true] as const])
      if (some.length > 0) await connection.executeMany(mergeSql(table), some, { bindDefs: bindDefs(table, isLong) });
    if (gone.length > 0)
      await connection.executeMany(
        deleteSql(table),
        gone.map((id) => ({ id })),
        { bindDefs: { id: { type: oracledb.DB_TYPE_VARCHAR, maxSize: 800 } } },
      );
  }
  for (const { id, name } of authors)
    await connection.execute('update holdfast_messages set author_name = :name where author_id = :id', {
      id,
      name: { val: name === null ? null : name.slice(0, wordLength), type: oracledb.DB_TYPE_VARCHAR },
    });
}

/** A type for every bind, since the first row may have nothing in it to guess from. */
export function bindDefs(table: MirrorTable, isLong: boolean): Record<string, oracledb.BindDefinition> {
  const text = (bytes: number): oracledb.BindDefinition => ({ type: oracledb.DB_TYPE_VARCHAR, maxSize: bytes });
  const number: oracledb.BindDefinition = { type: oracledb.DB_TYPE_NUMBER };
  const ofType: Record<MirrorColumn['type'], oracledb.BindDefinition> = {
    id: text(800),
    word: text(4_000),
    text: isLong ? { type: oracledb.DB_TYPE_CLOB } : text(4_000),
    json: isLong ? { type: oracledb.DB_TYPE_CLOB } : text(4_000),
    time: text(40),
    integer: number,
    flag: number,
  };
  return Object.fromEntries([...table.columns.map(({ name, type }) => [name, ofType[type]]), [generationColumn, number]]);
}

async function sweep(connection: oracledb.Connection, args: { table: MirrorTable; generation: number; limit: number }): Promise<number> {
  const { rowsAffected } = await connection.execute(sweepSql(args.table), { generation: args.generation, most: args.limit });
  return rowsAffected ?? 0;
}
