import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { listen } from './listen.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const connections = async () =>
  (
    await database.pool.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()",
    )
  ).rows;
const eventually = (holds: () => Promise<void>) => vi.waitFor(holds, { timeout: 30_000, interval: 25 });

test('everything that listens in a process shares one connection, and hears its own channel only', async () => {
  const heard: string[] = [];
  const ears = ['one', 'two', 'two'].map((channel, index) =>
    listen({
      databaseUrl: database.url,
      channel,
      onPayload: (payload) => heard.push(`${index}:${channel}:${payload}`),
      onGap: () => heard.push(`${index}:gap`),
    }),
  );
  const tell = (channel: string, payload: string) => database.pool.query('select pg_notify($1, $2)', [channel, payload]);
  await eventually(async () => {
    await tell('one', 'a');
    await tell('two', 'b');
    // A connection that came late is a gap of its own.
    expect(new Set(heard.filter((each) => !each.endsWith('gap')))).toEqual(new Set(['0:one:a', '1:two:b', '2:two:b']));
  });
  await eventually(async () => expect(await connections()).toHaveLength(1));

  heard.length = 0;
  await database.pool.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
    (await connections()).map(({ pid }) => pid),
  ]);
  await eventually(async () => expect(heard).toEqual(expect.arrayContaining(['0:gap', '1:gap', '2:gap'])));

  await ears[0]?.close();
  await ears[1]?.close();
  heard.length = 0;
  await eventually(async () => {
    await tell('two', 'c');
    expect(heard).toContain('2:two:c');
  });
  await ears[2]?.close();
  await eventually(async () => expect(await connections()).toEqual([]));
});
