import { testDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from './pool.ts';
import { createTogether, type Together, type TogetherOptions } from './together.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pools: Pool[];
beforeAll(async () => {
  database = await testDatabase();
  pools = [createPool(database.url, { max: 2, connectTimeoutMs: 60_000 }), createPool(database.url, { max: 2, connectTimeoutMs: 60_000 })];
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await database.close();
});

test('one writes at a time, what waits is done together and in its order, and two processes take turns', async () => {
  let writing = 0;
  let most = 0;
  const turns: { process: number; items: number[] }[] = [];
  const writers = pools.map((pool) => createTogether(pool));
  const write = (process: number, item: number): Promise<string> =>
    writers[process]?.('sheet', item, async (gather) => {
      const items = gather();
      most = Math.max(most, (writing += 1));
      turns.push({ process, items: [...items] });
      await pools[process]?.query('select 1');
      writing -= 1;
      return items.map((each) => `${process}:${each}`);
    }) ?? Promise.reject(new Error('No such process.'));
  const answers = await Promise.all(Array.from({ length: 60 }, (_, item) => write(item % 2, item)));
  expect(answers).toEqual(Array.from({ length: 60 }, (_, item) => `${item % 2}:${item}`));
  expect(most).toBe(1);
  expect(turns.length).toBeLessThan(60);
  for (const process of [0, 1]) {
    const items = turns.filter((turn) => turn.process === process).flatMap((turn) => turn.items);
    expect(items).toEqual(items.toSorted((a, b) => a - b));
  }
});

/** Work that tells what it was given. */
const asGiven = async <Item>(gather: () => readonly Item[]): Promise<readonly Item[]> => gather();

/** A line whose writer works until it is let go. */
async function held(together: Together, key: string, options: TogetherOptions = {}) {
  const { promise: isWorking, resolve: works } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const work = async (gather: () => readonly number[]) => {
    works();
    await mayEnd;
    return gather().map((item) => [item, gather().length]);
  };
  const done = together(key, 0, work, options);
  await isWorking;
  return { done, end };
}

test('what comes while the writer waits goes along, and each batch is its own', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const { done, end } = await held(together, 'late', { batch: 'a' });
  const others = [together('late', 1, asGiven, { batch: 'b' }), together('late', 2, asGiven, { batch: 'a' })];
  end();
  expect(await Promise.all([done, ...others])).toEqual([[0, 2], 1, [2, 2]]);
});

test('what goes wrong before anybody was gathered is one’s own, and afterwards everybody’s', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const fail = (isGathering: boolean) => async (gather: () => readonly number[]) => {
    if (isGathering) gather();
    throw new Error('the sheet is gone');
  };
  const outcomes = (isGathering: boolean) =>
    Promise.allSettled([together('broken', 1, fail(isGathering)), together('broken', 2, asGiven), together('broken', 3, asGiven)]);
  expect((await outcomes(false)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect((await outcomes(true)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await together('broken', 4, asGiven)).toBe(4);
});

test('all that wait are told together to come again, and those who come meanwhile; who comes back is let through', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const restAfter = () => ({ forMs: 3_600_000, isLimit: false });
  const putOff = async () => Promise.reject(new Error('no room now'));
  const outcomes = await Promise.allSettled([
    together('full', 1, putOff, { restAfter }),
    together('full', 2, asGiven, { restAfter }),
    together('full', 3, asGiven, { restAfter, batch: 'another way' }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  await expect(together('full', 4, asGiven, { restAfter })).rejects.toThrow('no room now');
  expect(await together('full', 1, asGiven, { restAfter, isBack: true })).toBe(1);
  expect(await together('full', 5, asGiven, { restAfter })).toBe(5);
});

test('whose time is over while it waits is left out, and its work fails nobody else', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const { done, end } = await held(together, 'ends', { batch: 'another' });
  const gone = new AbortController();
  const outcomes = Promise.allSettled([
    together('ends', 1, async () => Promise.reject(new Error('The step went on after its time was over.')), { signal: gone.signal }),
    together('ends', 2, async (gather) => gather().map((item) => [item, gather().length]), { signal: new AbortController().signal }),
    together('ends', 3, asGiven),
  ]);
  gone.abort(new Error('Its time is over.'));
  end();
  expect(await outcomes).toMatchObject([{ reason: { message: 'Its time is over.' } }, { value: [2, 2] }, { value: [3, 2] }]);
  expect(await done).toEqual([0, 1]);
});

test('who is ended amid the work of all leaves the others to look again', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const ended = new AbortController();
  const outcomes = await Promise.allSettled([
    together('amid', 1, async (gather) => (gather(), ended.abort(), Promise.reject(new Error('cancelled'))), { signal: ended.signal }),
    together('amid', 2, asGiven),
  ]);
  expect(outcomes).toMatchObject([{ reason: { message: 'cancelled' } }, { reason: { code: 'upstream.timeout', retryAfterMs: 30_000 } }]);
});

test('a connection that is cut while it holds the lock keeps nobody from it', async () => {
  const [first, second] = pools.map((pool) => createTogether(pool));
  const { promise: isWriting, resolve: writes } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const cut = first?.('cut', 1, async (gather) => {
    writes();
    await mayEnd;
    return gather();
  });
  await isWriting;
  await pools[1]?.query(
    `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database where l.locktype = 'advisory' and d.datname = current_database()`,
  );
  expect(await second?.('cut', 2, asGiven)).toBe(2);
  end();
  expect(await cut).toBe(1);
  expect(await first?.('cut', 3, asGiven)).toBe(3);
});

test('a process that stands still while it holds the lock keeps nobody from it for long', async () => {
  const [first, second] = pools.map((pool) => createTogether(pool, { frozenMs: 300 }));
  if (!first || !second) throw new Error('No such process.');
  const { done, end } = await held(first, 'frozen');
  expect(await second('frozen', 2, asGiven)).toBe(2);
  end();
  expect(await done).toEqual([0, 1]);
  expect(await first('frozen', 3, asGiven)).toBe(3);
  expect((await pools[0]?.query('show idle_session_timeout'))?.rows).toEqual([{ idle_session_timeout: '0' }]);
});
