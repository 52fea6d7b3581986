import { setTimeout as pause } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/errors';
import type { Pool, PoolClient } from './pool.ts';

/**
 * One writer at a time for `key` among all processes of this database. What comes while one writes waits in its process, and is done by the next
 * `work` together, in the order it came, without those whose `signal` has ended; answers in the order of its items. An error is everybody's whose item was
 * part of it. Throws upstream.limited when other processes leave no room for half a minute.
 */
export type Together = <Item, Result>(
  key: string,
  item: Item,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  signal?: AbortSignal,
) => Promise<Result>;

interface Waiting {
  item: unknown;
  work: (items: readonly unknown[]) => Promise<readonly unknown[]>;
  /** Nobody waits for it any more once this has ended. */
  signal: AbortSignal | undefined;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

const largestBatch = 100;
const patienceMs = 30_000;

/** For one process; its locks share one connection, which is taken while one is held. */
export function createTogether(pool: Pool): Together {
  const lines = new Map<string, Waiting[]>();
  const locks = createLocks(pool);
  const drain = async (key: string, line: Waiting[]): Promise<void> => {
    while (line.length > 0) {
      const work = () => workOff(line.splice(0, largestBatch));
      await locks.hold(key, work).catch((error: unknown) => {
        // Before the work: nobody had a turn. After it: who had theirs is told already.
        for (const { reject } of line.splice(0)) reject(error);
      });
    }
    lines.delete(key);
  };
  return (key, item, work, signal) =>
    new Promise((resolve, reject) => {
      // One key is used by one kind of work: its items and results are that work's own.
      const waiting = { item, work, signal, resolve, reject } as unknown as Waiting;
      const line = lines.get(key);
      if (line) return void line.push(waiting);
      const begun = [waiting];
      lines.set(key, begun);
      void drain(key, begun);
    });
}

/** By the work of the first one that somebody waits for. */
async function workOff(batch: readonly Waiting[]): Promise<void> {
  for (const { signal, reject } of batch) if (signal?.aborted) reject(signal.reason);
  const waiting = batch.filter(({ signal }) => !signal?.aborted);
  try {
    const results = await waiting[0]?.work(waiting.map(({ item }) => item));
    waiting.forEach(({ resolve }, index) => resolve(results?.[index]));
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

/** Several locks, one connection. */
interface Shared {
  client: Promise<PoolClient>;
  holders: number;
  isBroken: boolean;
}

/** Advisory locks of PostgreSQL, which it gives back by itself when this process or its connection dies. */
function createLocks(pool: Pool) {
  let current: Shared | null = null;
  const open = (): Shared => ({ client: connect(pool), holders: 0, isBroken: false });
  const leave = async (shared: Shared): Promise<void> => {
    shared.holders -= 1;
    if (shared.isBroken && current === shared) current = null;
    if (shared.holders > 0) return;
    if (current === shared) current = null;
    const client = await shared.client.catch(() => null);
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

async function connect(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  client.on('error', ignore);
  return client;
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
    if (performance.now() > until)
      throw new HoldfastError('upstream.limited', { detail: 'Other processes write to the same place all the time.', retryAfterMs: 2_000 });
    await pause(5 + Math.random() * 15);
  }
}

const unlock = (client: PoolClient, key: string) => client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]);
