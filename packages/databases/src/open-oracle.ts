import { say } from '@holdfast/errors';
import type { DatabaseAnswer, DatabaseValue, JsonObject } from '@holdfast/node-kit';
import oracledb from 'oracledb';
import type { DatabaseAccess } from './access.ts';
import { columnNames } from './answer-value.ts';
import { bindValues, type Bound } from './bind-value.ts';
import { dialFor, type Roads } from './dial.ts';
import { ambiguous, explainFailure, isClearNo } from './failure.ts';
import { fetchTypeOf, oracleValue } from './oracle-types.ts';
import { RefusedError } from './refused-error.ts';
import { maxAnswerBytes, type Session, type Work } from './session.ts';
import { tooMany } from './too-many.ts';
import { openVettedRelay } from './vetted-relay.ts';
import { openTunnel } from './vetted-tunnel.ts';

const connectSeconds = 10;
const rowsAtOnce = 50;

/** Through the driver's thin mode (no Oracle libraries). Throws egress.blocked, upstream.*, as explainFailure tells. */
export async function openOracle(access: DatabaseAccess, roads: Roads): Promise<Session> {
  const { host, port, isTrusted, via } = access;
  // Before the driver reads anything of it.
  if (via === null) await roads.vet(host, port, { isTrusted });
  const dial = dialFor(access, roads);
  const way = access.tls === 'off' ? await openVettedRelay(access, dial) : await openTunnel(dial);
  const connection = await oracledb.getConnection(connectionOf(access, way.port)).catch((error: unknown) => {
    way.close();
    throw explainFailure(way.failure() ?? error, access);
  });
  way.seal();
  return {
    check: async () => {
      connection.callTimeout = connectSeconds * 1_000;
      await connection.execute('select 1 from dual').catch((error: unknown) => Promise.reject(explainFailure(error, access)));
      return say`Oracle ${connection.oracleServerVersionString} at ${access.host} answers.`.text;
    },
    run: (work) => run(connection, access, work),
    tidy: async () => {
      if (!connection.isHealthy()) return false;
      await connection.rollback();
      return true;
    },
    close: async () => {
      await connection.close({ drop: true }).catch(() => undefined);
      way.close();
    },
  };
}

/** One address, written by us: what a description or a file of names could say beside it is not read. The parts were checked for what has a meaning in it. */
export function connectionOf(access: DatabaseAccess, localPort: number): oracledb.ConnectionAttributes {
  const { host, port, database, user, password, certificates, tls } = access;
  const isPlain = tls === 'off';
  const address = isPlain ? `(protocol=tcp)(host=127.0.0.1)(port=${localPort})` : `(protocol=tcps)(host=${host})(port=${port})`;
  return {
    user,
    password,
    connectString:
      `(description=(connect_timeout=${connectSeconds})(transport_connect_timeout=${connectSeconds})(retry_count=0)` +
      `(address=${address})(connect_data=(service_name=${database}))` +
      `${isPlain ? '' : `(security=(ssl_server_dn_match=${tls === 'verify-full' ? 'yes' : 'no'}))`})`,
    // Counts for every address that the driver dials, also for those that a listener sends it to.
    ...(isPlain ? {} : { httpsProxy: '127.0.0.1', httpsProxyPort: localPort }),
    ...(certificates === null || isPlain ? {} : { walletContent: certificates }),
  };
}

async function run(connection: oracledb.Connection, access: DatabaseAccess, work: Work): Promise<DatabaseAnswer> {
  const { statement, signal, operation } = work;
  const values = bindValues(statement, work.values, bindOf);
  const text = statement.texts.map((part, index) => (index === 0 ? part : `:${index}${part}`)).join('');
  let isKeeping = false;
  // What is being kept is not broken off: nobody would know what came of it.
  const stop = () => void (isKeeping ? undefined : connection.break().catch(() => undefined));
  signal.addEventListener('abort', stop, { once: true });
  connection.callTimeout = Math.max(1, Math.round(work.timeoutMs));
  try {
    if (operation === 'query') {
      await connection.execute('set transaction read only');
      return await read(connection, { text, values, work });
    }
    const { rowsAffected = 0 } = await connection.execute(text, values, { autoCommit: false });
    if (rowsAffected > work.mostRows) throw tooMany(rowsAffected, work.mostRows);
    isKeeping = true;
    await connection.commit();
    return { rows: [], rowCount: rowsAffected, isTruncated: false, refusal: null };
  } catch (error) {
    if (isKeeping && !isClearNo(error)) throw ambiguous(access, error);
    if (!isKeeping) await connection.rollback().catch(() => undefined);
    throw explainFailure(signal.aborted ? new Error('ORA-01013: it took too long.') : error, access);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function read(
  connection: oracledb.Connection,
  { text, values, work }: { text: string; values: Bound[]; work: Work },
): Promise<DatabaseAnswer> {
  const { resultSet, metaData = [] } = await connection.execute<unknown[]>(text, values, {
    resultSet: true,
    outFormat: oracledb.OUT_FORMAT_ARRAY,
    fetchArraySize: rowsAtOnce,
    prefetchRows: rowsAtOnce,
    fetchTypeHandler: fetchTypeOf,
  });
  const rows: JsonObject[] = [];
  if (!resultSet) return { rows, rowCount: 0, isTruncated: false, refusal: null };
  const names = columnNames(metaData.map(({ name }) => name.toLowerCase()));
  let bytes = 0;
  try {
    for (;;) {
      const some = await resultSet.getRows(Math.min(rowsAtOnce, work.mostRows + 1 - rows.length));
      if (some.length === 0) return { rows, rowCount: rows.length, isTruncated: false, refusal: null };
      for (const row of some) {
        const read = await Promise.all(row.map((value, index) => oracleValue(value, metaData[index])));
        bytes += JSON.stringify(read).length;
        if (rows.length === work.mostRows || bytes > maxAnswerBytes)
          return { rows, rowCount: rows.length, isTruncated: true, refusal: null };
        rows.push(Object.fromEntries(names.map((name, index) => [name, read[index] ?? null])));
      }
    }
  } finally {
    await resultSet.close();
  }
}

/** Oracle compares by the type of what is bound. */
export function bindOf(value: Exclude<Bound, null>, { as, name }: DatabaseValue): Bound {
  if (as === 'yes-no') return value === true ? 1 : 0;
  if (as === 'date') return new Date(String(value).replace(' ', 'T'));
  if (as !== 'number') return value;
  if (
    String(value)
      .replaceAll(/e.*$|[^0-9]/gi, '')
      .replace(/^0+/, '').length <= 15
  )
    return Number(value);
  throw new RefusedError({
    kind: 'value',
    constraint: null,
    table: null,
    columns: [],
    reason: `:${name} has more digits than a number may have on its way to Oracle: choose "Text" for it, and write to_number(:${name}).`,
  });
}
