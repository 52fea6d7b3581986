import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenLive, notifyLive, type LiveNotice } from './live.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('a live listener', () => {
  test('hears what was told after it listens, comes back when it was cut, and says that it may have missed something', async () => {
    const heard: LiveNotice[] = [];
    let gaps = 0;
    const listener = listenLive({ databaseUrl: database.url, onNotice: (notice) => heard.push(notice), onGap: () => gaps++ });
    const tell = (run: string) => notifyLive(database.pool, 'ws_1', { kind: 'step', run });
    const hears = (run: string) =>
      expect.poll(() => (tell(run), heard)).toContainEqual({ workspace: 'ws_1', event: { kind: 'step', run } });
    await hears('run_1');
    const before = gaps;
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()",
    );
    await hears('run_2');
    await expect.poll(() => gaps).toBeGreaterThan(before);
    await listener.close();
  });

  test('that is closed while it connects stays closed', async () => {
    const listener = listenLive({ databaseUrl: database.url, onNotice: () => undefined, onGap: () => undefined });
    await listener.close();
    const count = async () =>
      (
        await database.pool.query<{ count: number }>(
          "select count(*)::int as count from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()",
        )
      ).rows[0]?.count;
    await expect.poll(count).toBe(0);
  });
});
