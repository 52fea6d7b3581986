import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startPostgres, type PostgresHandle } from './postgres.ts';

// A folder that PostgreSQL's own account can't enter by itself when we are root: the case of a checkout in /root.
const parent = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
const dataDir = join(parent, 'deep', 'data');
afterAll(() => rmSync(parent, { recursive: true }));

async function ask<T extends pg.QueryResultRow>(handle: PostgresHandle, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: handle.url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a second start finds what the first one wrote, also after kill -9, on the same port', async () => {
  const first = await startPostgres({ dataDir });
  await ask(first, 'create table kept (id int); insert into kept values (1)');
  await first.stop();
  const second = await startPostgres({ dataDir, port: first.port });
  expect(second.port).toBe(first.port);
  await ask(second, 'insert into kept values (2)');
  process.kill(second.pid, 'SIGKILL');
  await second.exited;
  const third = await startPostgres({ dataDir, port: first.port });
  expect(await ask(third, 'select id from kept order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  await third.stop();
});

test('it is durable, UTF-8 and closed to the world by default', async () => {
  const handle = await startPostgres({ dataDir });
  const [settings] = await ask(
    handle,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listen,
    current_setting('server_encoding') as encoding, upper('ñandú') as upper, current_setting('data_checksums') as checksums`,
  );
  expect(settings).toEqual({ fsync: 'on', commit: 'on', listen: '127.0.0.1', encoding: 'UTF8', upper: 'ÑANDÚ', checksums: 'on' });
  await expect(ask({ ...handle, url: handle.url.replace(/:[^:@]+@/, ':wrong@') }, 'select 1')).rejects.toThrow(
    /password authentication failed/,
  );
  expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  await handle.stop();
});
