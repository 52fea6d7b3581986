import { testDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from './pool.ts';
import { createTogether } from './together.ts';

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
    writers[process]?.('sheet', item, async (items) => {
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

test('an error is everybody’s whose item was part of it, and the next have their turn', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const fail = () => together('broken', 1, async () => Promise.reject(new Error('the sheet is gone')));
  const outcomes = await Promise.allSettled([fail(), fail(), fail()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await together('broken', 2, async (items) => items)).toBe(2);
});

test('whose time is over while it waits is left out, and its work fails nobody else', async () => {
  const together = createTogether(pools[0] ?? createPool(database.url));
  const { promise: isWorking, resolve: works } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const held = together('ends', 0, async (items) => {
    works();
    await mayEnd;
    return items;
  });
  await isWorking;
  const gone = new AbortController();
  const outcomes = Promise.allSettled([
    together('ends', 1, async () => Promise.reject(new Error('The step went on after its time was over.')), gone.signal),
    together('ends', 2, async (items) => items.map((item) => [item, items.length]), new AbortController().signal),
    together('ends', 3, async (items) => items),
  ]);
  gone.abort(new Error('Its time is over.'));
  end();
  expect(await outcomes).toMatchObject([{ reason: { message: 'Its time is over.' } }, { value: [2, 2] }, { value: [3, 2] }]);
  expect(await held).toBe(0);
});

test('a connection that is cut while it holds the lock keeps nobody from it', async () => {
  const [first, second] = pools.map((pool) => createTogether(pool));
  const { promise: isWriting, resolve: writes } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const cut = first?.('cut', 1, async (items) => {
    writes();
    await mayEnd;
    return items;
  });
  await isWriting;
  await pools[1]?.query(
    `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database where l.locktype = 'advisory' and d.datname = current_database()`,
  );
  expect(await second?.('cut', 2, async (items) => items)).toBe(2);
  end();
  expect(await cut).toBe(1);
  expect(await first?.('cut', 3, async (items) => items)).toBe(3);
});
