import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelAccount } from '../channel-adapter.ts';
import { watchRecords } from './watch-records.ts';

let database: TestDatabase;
const server = { host: 'smtp.kelp.test', port: 587, security: 'starttls', user: 'support@kelp.test' };
const account: ChannelAccount = {
  id: 'ch_1',
  workspaceId: 'ws_1',
  kind: 'email',
  name: 'Support',
  config: { address: 'support@kelp.test', imap: server, smtp: server },
  secret: '{}',
};
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(`insert into workspaces (id, name, slug) values ('ws_1', 'W', 'w')`);
  await database.pool.query(`insert into channels (id, workspace_id, kind, name, config) values ('ch_1', 'ws_1', 'email', 'Support', $1)`, [
    JSON.stringify(account.config),
  ]);
});
afterAll(() => database.close());

const good = { 'kelp.test': ['v=spf1 mx ~all'], '_dmarc.kelp.test': ['v=DMARC1; p=reject'] };
let zone: Record<string, string[] | null> = good;
let asked = 0;
const watch = (recordsEveryMs: number) =>
  watchRecords(
    {
      pool: database.pool,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      recordsEveryMs,
      askDns: async (name) => {
        asked += 1;
        const found = zone[name];
        return found === undefined ? [] : found;
      },
    },
    account,
  );
const states = async () => {
  const { rows } = await database.pool.query<{ facts: { records: { record: string; state: string }[] } }>(
    `select health -> 'facts' as facts from channels`,
  );
  return Object.fromEntries(rows[0]?.facts.records.map(({ record, state }) => [record, state]) ?? []);
};
const alerts = async () => (await database.pool.query<{ title: string }>('select title from alerts')).rows.map(({ title }) => title);

test('a domain is asked about once in its time, and people hear of what broke since, once', async () => {
  await Promise.all([watch(86_400_000), watch(86_400_000)]);
  expect(await states()).toEqual({ spf: 'good', dkim: 'unknown', dmarc: 'good' });
  const before = asked;
  await watch(86_400_000);
  expect(asked).toBe(before);
  zone = { ...good, 'kelp.test': null };
  await watch(0);
  expect(await states()).toMatchObject({ spf: 'good' });
  zone = { '_dmarc.kelp.test': ['v=DMARC1; p=reject'] };
  await watch(0);
  await watch(0);
  expect(await states()).toMatchObject({ spf: 'bad' });
  expect(await alerts()).toEqual(['SPF of kelp.test is not in order any more']);
});
