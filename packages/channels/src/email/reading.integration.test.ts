import { createEgress, type Egress } from '@holdfast/egress';
import { insertChannel, insertInboxEvent, newId, transaction, type Pool } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import {
  createFolder,
  deliverMail,
  imapServers,
  readMails,
  startCuttingProxy,
  type CuttingProxy,
  type ImapServer,
} from '@holdfast/test-kit/mail';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InboundEvent } from '../channel-adapter.ts';
import { startMailPolling, type MailPollingDeps } from './mailbox-poller.ts';

const kinds = await imapServers();
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
let database: TestDatabase;
let pool: Pool;
let egress: Egress;
beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
  await pool.query(`insert into workspaces (id, name, slug) values ('ws_1', 'W', 'w')`);
});
afterAll(async () => {
  await egress.close();
  await database.close();
});

const mail = (id: string, text: string, extra = '') =>
  `From: Ana <ana@example.com>\r\nTo: support@kelp.test\r\nSubject: Order\r\nMessage-ID: <${id}@example.com>\r\nDate: Mon, 16 Nov 2026 10:00:00 +0000\r\n${extra}\r\n${text}\r\n`;
const until = <T>(look: () => T | Promise<T>, timeout = 30_000) => vi.waitFor(look, { timeout, interval: 25 });

describe.each(kinds)('a mailbox on $name', (kind) => {
  let server: ImapServer;
  let proxy: CuttingProxy;
  let channelId: string;
  let taken: InboundEvent[];
  let failures: number;
  const running: { stop: () => Promise<void> }[] = [];
  beforeEach(async () => {
    server = await kind.start();
    proxy = await startCuttingProxy(server.port);
    taken = [];
    failures = 0;
    channelId = newId('channel');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await proxy.close();
    await server.close();
    await pool.query('delete from channels');
  });

  const connect = (change: object = {}, password = server.password) => {
    const at = { host: '127.0.0.1', port: proxy.port, security: 'none', user: server.user };
    const config = { address: 'support@kelp.test', imap: at, smtp: { ...at, port: 1 }, ...change };
    const secret = Buffer.from(JSON.stringify({ password }));
    return insertChannel(pool, { id: channelId, workspaceId: 'ws_1', kind: 'email', name: 'Support', config, secret, keyId: 'k' });
  };
  /** Stands for ingest: the inbox decides what is new, in the cursor's transaction. */
  const takeIn: MailPollingDeps['onEvents'] = async (channel, events, { alongside }) => {
    if (failures-- > 0) throw new Error('the database is away');
    const fresh: InboundEvent[] = [];
    await transaction(pool, async (client) => {
      for (const event of events) {
        const row = {
          id: newId('inbox'),
          workspaceId: 'ws_1',
          channelId: channel.id,
          eventId: event.eventId,
          kind: event.kind,
          payload: {},
          state: 'consumed',
        };
        if ((await insertInboxEvent(client, row)) !== null) fresh.push(event);
      }
      await alongside(client);
    });
    taken.push(...fresh);
  };
  const read = (process = 'proc_1') => {
    const polling = startMailPolling({
      pool,
      egress,
      process,
      onEvents: takeIn,
      log: silent,
      openSecret: ({ secret }) => secret.toString(),
      lookEveryMs: 50,
      firstPauseMs: 20,
      pollMs: 2_000,
      askDns: async () => [],
    });
    running.push(polling);
    return polling;
  };
  const texts = () => taken.map(({ text }) => text.split('\n\n').at(-1));
  const isReading = () =>
    until(async () =>
      expect((await pool.query('select 1 from mail_cursors where channel_id = $1', [channelId])).rowCount).toBeGreaterThan(0),
    );
  const row = async () => (await pool.query('select * from channels where id = $1', [channelId])).rows[0];

  test('is read from when it was connected on, mail by mail as it comes, and marked as seen', async () => {
    await deliverMail(server, [mail('old', 'from last year')], 'INBOX', new Date('2025-11-23T10:00:00Z'));
    await connect();
    read();
    await isReading();
    await deliverMail(server, [mail('m1', 'first')]);
    await until(() => expect(texts()).toEqual(['first']));
    await deliverMail(server, [mail('m2', 'second'), mail('m3', 'third')]);
    await until(() => expect(texts()).toEqual(['first', 'second', 'third']));
    await until(async () =>
      expect((await readMails(server)).map(({ flags }) => flags.includes('\\seen'))).toEqual([false, true, true, true]),
    );
  });

  test('is read on after connections were lost again and again, each mail once', async () => {
    await connect();
    read();
    await isReading();
    for (let round = 0; round < 3; round += 1) {
      await deliverMail(server, [mail(`a${round}`, `a${round}`), mail(`b${round}`, `b${round}`)]);
      proxy.cut();
      await deliverMail(server, [mail(`c${round}`, `c${round}`)]);
    }
    const all = Array.from({ length: 3 }, (_, round) => [`a${round}`, `b${round}`, `c${round}`]).flat();
    await until(() => expect(texts()).toEqual(all));
  });

  test('that can’t be reached is tried until it can, and says so meanwhile', async () => {
    proxy.refuse(true);
    await connect();
    read();
    await until(async () => expect((await row()).health.problem).toMatchObject({ code: 'upstream.unreachable' }));
    proxy.refuse(false);
    await until(async () => expect((await row()).health.problem).toBeNull());
  });

  test('gives a mail that could not be taken in again', async () => {
    await connect();
    read();
    await isReading();
    failures = 2;
    await deliverMail(server, [mail('m1', 'hello')]);
    await until(() => expect(texts()).toEqual(['hello']));
  });

  test('is read by one of several servers, and by another when that one is gone', async () => {
    await connect();
    read('proc_1');
    read('proc_2');
    await isReading();
    const owner = (await row()).lease_owner;
    await deliverMail(server, [mail('m1', 'one')]);
    await until(() => expect(texts()).toEqual(['one']));
    await running[owner === 'proc_1' ? 0 : 1]?.stop();
    await deliverMail(server, [mail('m2', 'two')]);
    await until(() => expect(texts()).toEqual(['one', 'two']));
    expect((await row()).lease_owner).not.toBe(owner);
  });

  test('whose folder is numbered anew gives only what is new', async () => {
    await connect({ folders: ['INBOX', 'Support'] });
    if (kind.name.startsWith('go-imap')) await createFolder(server, 'Support');
    const polling = read();
    await until(async () => expect((await pool.query('select 1 from mail_cursors where channel_id = $1', [channelId])).rowCount).toBe(2));
    await deliverMail(server, [mail('m1', 'one'), mail('m2', 'two')], 'Support');
    await until(() => expect(texts()).toEqual(['one', 'two']));
    await polling.stop();
    await pool.query('update mail_cursors set uid_validity = uid_validity + 100 where folder = $1', ['Support']);
    await deliverMail(server, [mail('m3', 'three')], 'Support');
    read();
    await until(() => expect(texts()).toEqual(['one', 'two', 'three']));
  });

  test('can have what is read moved away', async () => {
    await connect({ afterReading: 'move', moveTo: 'Archive' });
    read();
    await isReading();
    await deliverMail(server, [mail('m1', 'one')]);
    await until(async () => expect(await readMails(server, 'Archive')).toHaveLength(1));
    await until(async () => expect(await readMails(server)).toHaveLength(0));
    await deliverMail(server, [mail('m2', 'two')]);
    await until(() => expect(texts()).toEqual(['one', 'two']));
  });

  test('whose password is refused again and again stops, and staff are told', async () => {
    await connect({}, 'wrong');
    read();
    await until(async () => expect(await row()).toMatchObject({ status: 'broken', health: { problem: { code: 'channel.token' } } }));
    expect((await row()).health.problem.detail).toContain('The server 127.0.0.1 refused the password for support@kelp.test');
    expect((await pool.query(`select event from alerts where subject = $1`, [channelId])).rows).toEqual([{ event: 'channel.broken' }]);
  });

  test('shows a mail without a body, a broken one and one from a machine for what they are', async () => {
    await connect();
    read();
    await isReading();
    await deliverMail(server, [
      'X: y\r\n\r\n',
      mail('auto', 'I am away', 'Auto-Submitted: auto-replied\r\n'),
      'From: support@kelp.test\r\nSubject: own\r\n\r\nown\r\n',
      mail('m1', 'after'),
    ]);
    await until(() => expect(texts().at(-1)).toBe('after'));
    expect(taken.map(({ kind: what, automatic }) => [what, automatic])).toEqual([
      ['other', undefined],
      ['message', 'auto-submitted'],
      ['other', undefined],
      ['message', undefined],
    ]);
  });
});

describe('a server without IDLE', () => {
  test('is asked again and again', async () => {
    const [npm] = kinds;
    if (!npm) throw new Error('There is always one server.');
    const server = await npm.start({ without: ['IDLE'] });
    const channelId = newId('channel');
    const at = { host: '127.0.0.1', port: server.port, security: 'none', user: server.user };
    const config = { address: 'support@kelp.test', imap: at, smtp: at };
    await insertChannel(pool, {
      id: channelId,
      workspaceId: 'ws_1',
      kind: 'email',
      name: 'S',
      config,
      secret: Buffer.from(JSON.stringify({ password: server.password })),
      keyId: 'k',
    });
    const taken: string[] = [];
    const polling = startMailPolling({
      pool,
      egress,
      process: 'proc_1',
      onEvents: async (_channel, events, { alongside }) => {
        await alongside(pool as never); // one statement needs no transaction
        taken.push(...events.map(({ text }) => text));
      },
      log: silent,
      openSecret: ({ secret }) => secret.toString(),
      lookEveryMs: 50,
      pollMs: 50,
      askDns: async () => [],
    });
    try {
      await until(async () => expect((await pool.query('select 1 from mail_cursors where channel_id = $1', [channelId])).rowCount).toBe(1));
      await deliverMail(server, [mail('m1', 'hello')]);
      await until(() => expect(taken).toHaveLength(1));
      const { rows } = await pool.query('select health from channels where id = $1', [channelId]);
      expect(rows[0]?.health.facts).toMatchObject({ idle: false });
    } finally {
      await polling.stop();
      await server.close();
    }
  });
});
