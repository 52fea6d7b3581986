import pg from 'pg';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;
/** A pool or a client inside a transaction: what every query function takes first. */
export type Queryable = Pick<pg.Pool, 'query'>;

// bigint columns hold counts and micro-dollars far below 2^53; strings of digits would only be converted at every use.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface PoolOptions {
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /**
   * A statement that takes longer is given up, by PostgreSQL and half a second later by us, who also notice when PostgreSQL is frozen; its
   * connection is closed. And a transaction that says nothing for 10 s is ended, so that a frozen process of ours keeps nobody from its rows.
   * Left out where a statement may take its time: migrations, the command line.
   */
  statementTimeoutMs?: number;
  /** How long a connection may take to come, or to become free; 5 s when left out. */
  connectTimeoutMs?: number;
}

const idleInTransactionMs = 10_000;

export function createPool(
  connectionString: string,
  { max = 20, name = 'holdfast', statementTimeoutMs, connectTimeoutMs = 5_000 }: PoolOptions = {},
): Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(statementTimeoutMs === undefined
      ? {}
      : {
          statement_timeout: statementTimeoutMs,
          query_timeout: statementTimeoutMs + 500,
          idle_in_transaction_session_timeout: idleInTransactionMs,
        }),
  });
  // An idle connection that PostgreSQL drops emits here; without a listener the process would die. The next query connects anew.
  pool.on('error', () => undefined);
  return pool;
}

/** The row of a statement that always returns one. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('A statement that always returns a row returned none.');
  return row;
}

/** node-postgres's own word for a query that took longer than `query_timeout`. */
const isUnanswered = (error: unknown): error is Error => error instanceof Error && error.message === 'Query read timeout';

/** Runs `work` in one transaction on one connection; rolls back when it throws. */
export async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // After a statement that PostgreSQL never answered, a rollback would only wait as long again: the connection is closed instead.
    if (isUnanswered(error)) broken = error;
    else
      await client.query('rollback').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
    throw error;
  } finally {
    client.release(broken);
  }
}
