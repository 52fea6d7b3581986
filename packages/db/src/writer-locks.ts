import { setTimeout as pause } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/errors';
import type { Pool, PoolClient } from './pool.ts';

const patienceMs = 30_000;
const mark = Symbol('no turn');

/** Nothing was tried: others had their turn all the time. */
export const hadNoTurn = (error: unknown): error is HoldfastError => error instanceof HoldfastError && error.extra === mark;

export const noTurn = (): HoldfastError =>
  new HoldfastError('upstream.limited', {
    detail: 'Others write to the same place all the time. Nothing was sent.',
    retryAfterMs: 2_000,
    extra: mark,
  });

export interface WriterLocks {
  /** `work` while this process alone holds `key`. Throws upstream.limited when others leave no room for half a minute. */
  hold: <T>(key: string, work: () => Promise<T>) => Promise<T>;
}

/** Several locks, one connection. */
interface Shared {
  client: Promise<PoolClient>;
  holders: number;
  isBroken: boolean;
}

/** Longer than any work lasts. A process that stands still (frozen, swapped out) keeps its connection, and would keep everybody else away for as long. */
const frozenAfterMs = 300_000;

/** Advisory locks of PostgreSQL, which it gives back by itself when this process or its connection dies, or nothing is heard of it for `frozenMs`. */
export function createWriterLocks(pool: Pool, frozenMs = frozenAfterMs): WriterLocks {
  let current: Shared | null = null;
  const open = (): Shared => ({ client: connect(pool, frozenMs), holders: 0, isBroken: false });
  const leave = async (shared: Shared): Promise<void> => {
    shared.holders -= 1;
    if (shared.isBroken && current === shared) current = null;
    if (shared.holders > 0) return;
    if (current === shared) current = null;
    const client = await shared.client.catch(() => null);
    if (!shared.isBroken) await client?.query('reset idle_session_timeout').catch(() => (shared.isBroken = true));
    client?.off('error', ignore);
    client?.release(shared.isBroken);
  };
  return {
    hold: async <T>(key: string, work: () => Promise<T>): Promise<T> => {
      const shared = (current ??= open());
      shared.holders += 1;
      try {
        const client = await shared.client;
        await lock(client, key);
        const result = await work();
        // A connection that was cut meanwhile holds nothing any more, and what was done is done.
        await unlock(client, key).catch(() => (shared.isBroken = true));
        return result;
      } catch (error) {
        // Out of patience nothing was locked, and the connection is as good as before.
        if (!(error instanceof HoldfastError)) shared.isBroken = true;
        throw error;
      } finally {
        await leave(shared);
      }
    },
  };
}

/** A connection that is dropped between two statements says so here; the next statement fails, and that is what counts. */
const ignore = () => undefined;

async function connect(pool: Pool, frozenMs: number): Promise<PoolClient> {
  const client = await pool.connect();
  client.on('error', ignore);
  try {
    await client.query(`set idle_session_timeout = ${frozenMs}`);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Who waits holds the place of the next, so that whoever wrote last comes behind them. */
async function lock(client: PoolClient, key: string): Promise<void> {
  const until = performance.now() + patienceMs;
  const next = `${key}/next`;
  await tryUntil(client, next, until);
  try {
    await tryUntil(client, key, until);
  } finally {
    await unlock(client, next);
  }
}

async function tryUntil(client: PoolClient, key: string, until: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ isMine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as "isMine"', [key]);
    if (rows[0]?.isMine) return;
    if (performance.now() > until) throw noTurn();
    await pause(5 + Math.random() * 15);
  }
}

const unlock = (client: PoolClient, key: string) => client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]);
