import { say } from '@holdfast/errors';
import type { Socket } from 'node:net';
import type { DatabaseAnswer, JsonObject, JsonValue } from '@holdfast/node-kit';
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { DatabaseAccess } from './access.ts';
import { columnNames } from './answer-value.ts';
import { bindValues } from './bind-value.ts';
import { cancelPostgres } from './cancel-postgres.ts';
import { dialFor, type Roads } from './dial.ts';
import { ambiguous, explainFailure, isClearNo } from './failure.ts';
import { tlsOf } from './postgres-tls.ts';
import { postgresTypes } from './postgres-types.ts';
import { maxAnswerBytes, type Session, type Work } from './session.ts';
import { tooMany } from './too-many.ts';
import { watchPostgres, type Watch } from './watch-postgres.ts';

const connectMs = 10_000;
const mostAddresses = 3;
const rowsAtOnce = 50;

/** One place that the server may be found at. */
export interface Door {
  /** An address that was vetted; through a proxy the server's name. */
  host: string;
  /** Through a proxy: opens a connection to there. */
  dial: (() => Promise<Socket>) | null;
}

/** Throws egress.blocked, upstream.*, as explainFailure tells. */
export async function openPostgres(access: DatabaseAccess, roads: Roads): Promise<Session> {
  let last: unknown;
  for (const door of await doorsTo(access, roads)) {
    const socket = await door.dial?.();
    const client = new pg.Client(optionsOf(access, door.host, socket));
    ignoreEnvironment(client);
    const watch = watchPostgres(client, access);
    // Without a listener a connection that is cut while nobody waits would end the process; whoever waits hears of it by their promise.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return sessionOf(client, { access, door, watch });
    } catch (error) {
      last = error;
      client.end().catch(() => undefined);
    }
  }
  throw explainFailure(last, access);
}

async function doorsTo(access: DatabaseAccess, roads: Roads): Promise<Door[]> {
  const { host, port, isTrusted, via } = access;
  if (via !== null) return [{ host, dial: () => dialFor(access, roads)(host, port) }];
  return (await roads.vet(host, port, { isTrusted })).slice(0, mostAddresses).map((address) => ({ host: address, dial: null }));
}

/** The driver dials by itself what it is given, and this leads there already. */
const dialled = (socket: Socket): Socket =>
  Object.assign(socket, {
    connect: () => {
      setImmediate(() => socket.emit('connect'));
      return socket;
    },
  });

/** What is left out here would be read from the environment or a file of this machine: nothing is. */
export const optionsOf = (access: DatabaseAccess, host: string, socket?: Socket): pg.ClientConfig & { sslnegotiation: 'postgres' } => ({
  host,
  ...(socket ? { stream: () => dialled(socket) } : {}),
  port: access.port,
  database: access.database,
  user: access.user,
  password: access.password,
  application_name: 'holdfast',
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  sslnegotiation: 'postgres',
  ssl: access.tls === 'off' ? false : tlsOf(access),
});

/** The driver takes these from PG… variables when they are empty, and has no way to say that they are. */
function ignoreEnvironment(client: pg.Client): void {
  const parameters: unknown = Reflect.get(client, 'connectionParameters');
  if (typeof parameters !== 'object' || parameters === null) return;
  for (const name of ['options', 'replication', 'client_encoding']) Reflect.set(parameters, name, undefined);
}

function sessionOf(client: pg.Client, opened: Omit<Running, 'work'>): Session {
  const { access } = opened;
  let isGone = false;
  client.on('end', () => (isGone = true));
  return {
    check: async () => {
      const { rows } = await client
        .query<{ version: string }>("select current_setting('server_version') as version")
        .catch((error: unknown) => Promise.reject(explainFailure(error, access)));
      return say`PostgreSQL ${rows[0]?.version ?? ''} at ${access.host} answers.`.text;
    },
    run: (work) => run(client, { ...opened, work }),
    tidy: async () => {
      if (isGone) return false;
      await client.query('rollback');
      await client.query('discard all');
      return true;
    },
    close: () => client.end().catch(() => undefined),
  };
}

interface Running {
  access: DatabaseAccess;
  door: Door;
  watch: Watch;
  work: Work;
}

async function run(client: pg.Client, { access, door, watch, work }: Running): Promise<DatabaseAnswer> {
  const { signal, statement, operation } = work;
  const values = bindValues(statement, work.values, (value) => (value instanceof Date ? value.toISOString() : value));
  const text = statement.texts.map((part, index) => (index === 0 ? part : `$${index}${part}`)).join('');
  let isKeeping = false;
  const stop = () => {
    if (!isKeeping) void cancelPostgres(client, { access, door }).catch(() => undefined);
    client.end().catch(() => undefined);
    Reflect.get(Reflect.get(client, 'connection') as object, 'stream').destroy(); // the driver has no word for "at once"
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    watch.begin();
    await client.query(beginning(access, work));
    const answer = await read(client, { text, values, watch, work });
    if (operation === 'query') return answer;
    if (answer.rowCount > work.mostRows) throw tooMany(answer.rowCount, work.mostRows);
    isKeeping = true;
    await client.query('commit');
    return answer;
  } catch (error) {
    if (isKeeping && !isClearNo(error)) throw ambiguous(access, error);
    throw explainFailure(signal.aborted ? Object.assign(new Error('It took too long.'), { code: '57014' }) : error, access);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function beginning({ schemas }: DatabaseAccess, { operation, timeoutMs }: Work): string {
  const ms = Math.max(1, Math.round(timeoutMs));
  const path = schemas.map((schema) => pg.escapeIdentifier(schema)).join(', ');
  return [
    operation === 'query' ? 'begin transaction read only' : 'begin transaction read write',
    `set local statement_timeout = ${ms}`,
    `set local lock_timeout = ${ms}`,
    // A frozen process of ours must not hold rows that others need.
    `set local idle_in_transaction_session_timeout = ${ms + 5_000}`,
    'set local standard_conforming_strings = on',
    `set local datestyle = 'ISO'`,
    ...(path === '' ? [] : [`select set_config('search_path', ${literal(path)}, true)`]),
  ].join('; ');
}

interface Reading extends Pick<Running, 'watch' | 'work'> {
  text: string;
  values: unknown[];
}

async function read(client: pg.Client, { text, values, watch, work }: Reading): Promise<DatabaseAnswer> {
  const cursor = client.query(new Cursor<JsonValue[]>(text, values, { rowMode: 'array', types: postgresTypes }));
  const rows: JsonObject[] = [];
  let bytes = 0;
  let count = 0;
  let isTruncated = false;
  for (;;) {
    watch.begin();
    const { some, names, isOver, concerned } = await next(
      cursor,
      isTruncated ? 1_000 : Math.min(rowsAtOnce, work.mostRows + 1 - rows.length),
    );
    count += concerned ?? some.length;
    for (const row of some) {
      bytes += JSON.stringify(row).length;
      isTruncated ||= rows.length === work.mostRows || bytes > maxAnswerBytes;
      if (isTruncated) break;
      rows.push(Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
    }
    // A change goes to its end all the same: how many rows it concerns is known only there.
    if (!isOver && !(isTruncated && work.operation === 'query')) continue;
    await cursor.close();
    return { rows, rowCount: work.operation === 'query' ? rows.length : count, isTruncated, refusal: null };
  }
}

interface Batch {
  some: JsonValue[][];
  names: string[];
  isOver: boolean;
  /** Where a statement returns no rows: how many it changed. For one that does, the server counts those of each batch. */
  concerned: number | null;
}

const next = (cursor: Cursor<JsonValue[]>, most: number): Promise<Batch> =>
  new Promise((resolve, reject) => {
    cursor.read(most, (error, some, result) => {
      if (error) return reject(error);
      const { fields, rowCount } = result;
      const isOver = Reflect.get(cursor, 'state') === 'done';
      resolve({
        some,
        names: columnNames(fields.map(({ name }) => name)),
        isOver,
        concerned: fields.length === 0 ? (rowCount ?? 0) : null,
      });
    });
  });
