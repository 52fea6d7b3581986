import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  deleteMirror,
  ensureMirrorState,
  eraseContact,
  failMirror,
  forgetOldMessages,
  forgetUnrecordedChanges,
  listDueMirrors,
  listMirrorIds,
  loadMirrorRows,
  loadMirrorState,
  mergeContacts,
  mirrorTables,
  newId,
  restartMirror,
  saveMirror,
  stopOverlongMirrors,
  transaction,
  unmergeContacts,
  type MirrorClaim,
  type Pool,
} from '@holdfast/db';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTarget } from './open-target.ts';
import { syncMirror, type SyncDeps } from './sync-mirror.ts';
import { tableName, type MirrorTarget, type TargetAccess } from './target.ts';

const password = 'kelp-und-anker-7';
let store: TestDatabase;
let other: TestDatabase;
/** The other database's server, behind a wire that can be cut. */
let wire: Wire;
let access: TargetAccess;
let ws: string;

beforeAll(async () => {
  [store, other] = await Promise.all([testDatabase(), testDatabase()]);
});
afterAll(() => Promise.all([store.close(), other.close()]));

beforeEach(async () => {
  const url = new URL(other.url);
  wire = await openWire(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port));
  const schema = `m_${newId('mirror').slice(-12)}`;
  await other.pool.query(`create schema ${schema}`);
  access = {
    kind: 'postgres',
    host: '127.0.0.1',
    port: wire.port,
    database: url.pathname.slice(1),
    schema,
    user: decodeURIComponent(url.username),
    tls: 'off',
    password: decodeURIComponent(url.password) || password,
    certificates: null,
    certificatesPassword: null,
  };
  ws = await makeWorkspace(store.pool);
  await startMirroring(ws);
});
afterEach(async () => {
  await deleteMirror(store.pool, ws);
  wire.close();
});

const vet = (host: string) => Promise.resolve([host]);
const startMirroring = (workspaceId: string, source = newId('mirror')) =>
  saveMirror(store.pool, {
    workspaceId,
    kind: 'postgres',
    target: {},
    secret: Buffer.from(''),
    keyId: 'k',
    everySeconds: 60,
    isEnabled: true,
    updatedBy: 'Ana',
    source,
    isElsewhere: true,
  });

/** Turns until one says that everything is there. */
async function sync(given: Partial<SyncDeps> & { workspaceId?: string } = {}): Promise<void> {
  const { workspaceId = ws, ...deps } = given;
  await expect.poll(() => takeTurn(workspaceId, deps), { timeout: 30_000 }).toBe('synced');
}
const takeTurn = (workspaceId: string, given: Partial<SyncDeps> = {}, onClaim: (claim: MirrorClaim) => void = () => undefined) =>
  syncMirror(
    { pool: store.pool, open: () => openTarget(access, vet), everySeconds: 60, isStopping: () => false, ...given },
    { workspaceId, owner: 'proc_test', onClaim },
  );

/** Every mirrored row as it is here, and as it is there. */
async function compare(workspaceId = ws): Promise<void> {
  for (const table of mirrorTables) {
    const ids = await listMirrorIds(store.pool, { workspaceId, table, after: '', limit: 100_000 });
    const here = await loadMirrorRows(store.pool, { workspaceId, table, ids: ids.map(({ id }) => id) });
    const columns = table.columns.map(({ name, type }) => (type === 'json' ? `${name}::text as ${name}` : name)).join(', ');
    const there = await other.pool.query<{ row: Record<string, unknown> }>(
      `select row_to_json(r) as row from (select ${columns} from ${access.schema}.${tableName(table)}) r`,
    );
    const sorted = (rows: Record<string, unknown>[]) => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(sorted(there.rows.map(({ row }) => row)), table.name).toEqual(sorted(here));
  }
}

const rowsThere = async (table: string): Promise<number> =>
  (await other.pool.query(`select count(*)::int as n from ${access.schema}.holdfast_${table}`)).rows[0].n;

test('what is there already, what comes, what changes and what goes are row for row the same over there', async () => {
  const { contact, conversation } = await talk(ws, { messages: 65 });
  await sync();
  await compare();
  await say(ws, conversation, 30);
  await store.pool.query(`update messages set text = 'corrected', edited_at = now() where conversation_id = $1 and text like '%7'`, [
    conversation,
  ]);
  await store.pool.query(`update messages set status = 'read', read_at = now() where conversation_id = $1 and text like '%3'`, [
    conversation,
  ]);
  await store.pool.query(`update contacts set attributes = '{"big": 12345678901234567890.123, "e": "👩‍👩‍👧"}' where id = $1`, [contact]);
  await store.pool.query(`update channels set name = 'Renamed' where workspace_id = $1`, [ws]);
  await store.pool.query(`delete from messages where conversation_id = $1 and text like '%9'`, [conversation]);
  await sync();
  await compare();
  expect((await loadMirrorState(store.pool, ws))?.pending).toBe(0);
  const { rows } = await other.pool.query(`select channel, contact, platform from ${access.schema}.holdfast_store limit 1`);
  expect(rows).toEqual([{ channel: 'Renamed', contact: 'Ana', platform: 'simulator' }]);
});

test('merges, partings, erased contacts, retention and a removed channel arrive', async () => {
  const [kept, merged] = [await talk(ws, { messages: 4 }), await talk(ws, { messages: 4 })];
  await sync();
  const merge = newId('contactMerge');
  await transaction(store.pool, (client) =>
    mergeContacts(client, { id: merge, workspaceId: ws, keptId: kept.contact, mergedId: merged.contact, by: 'Ana' }),
  );
  await sync();
  await compare();
  await transaction(store.pool, (client) => unmergeContacts(client, { workspaceId: ws, keptId: kept.contact, mergeId: merge, by: 'Ana' }));
  await transaction(store.pool, (client) => eraseContact(client, { workspaceId: ws, contactId: merged.contact }));
  await sync();
  await compare();
  expect(await rowsThere('contacts')).toBe(1);
  await store.pool.query(`update messages set created_at = now() - interval '9 days' where conversation_id = $1 and text like '%1'`, [
    kept.conversation,
  ]);
  await store.pool.query('update channels set keep_days = 7 where id = $1', [kept.channel]);
  await forgetOldMessages(store.pool, 100);
  await sync();
  await compare();
  await store.pool.query('delete from channels where id = $1', [kept.channel]);
  await sync();
  await compare();
  expect([await rowsThere('messages'), await rowsThere('conversations')]).toEqual([0, 0]);
});

test('whoever is renamed or leaves is called so in all their messages', async () => {
  const { conversation } = await talk(ws, { messages: 3 });
  const user = newId('user');
  await store.pool.query(`insert into users (id, name, email) values ($1, 'Bo', $1)`, [user]);
  await store.pool.query(`update messages set author = 'human', author_user_id = $2 where conversation_id = $1`, [conversation, user]);
  await sync();
  await store.pool.query(`update users set name = 'Bo Berg' where id = $1`, [user]);
  await sync();
  await compare();
  const names = async () => (await other.pool.query(`select distinct author_name from ${access.schema}.holdfast_messages`)).rows;
  expect(await names()).toEqual([{ author_name: 'Bo Berg' }]);
  await store.pool.query('delete from users where id = $1', [user]);
  await sync();
  expect(await names()).toEqual([{ author_name: null }]);
});

test('a transaction that commits late, after others that began later were brought over, is not missed', async () => {
  const { conversation } = await talk(ws, { messages: 2 });
  await sync();
  const late = await store.pool.connect();
  try {
    await late.query('begin');
    await late.query(messageSql, [newId('message'), ws, conversation, 'late']);
    await say(ws, conversation, 5);
    await sync();
    expect(await rowsThere('messages')).toBe(7);
    await late.query('commit');
  } finally {
    late.release();
  }
  await sync();
  await compare();
  expect(await rowsThere('messages')).toBe(8);
});

test('one that had written before recording began holds the copy up, and is in it', async () => {
  const { conversation } = await talk(ws, { messages: 2 });
  const early = await store.pool.connect();
  try {
    await early.query('begin');
    await early.query(messageSql, [newId('message'), ws, conversation, 'unrecorded']);
    expect(await takeTurn(ws)).toBe('waiting');
    expect(await takeTurn(ws)).toBe('waiting');
    await early.query('commit');
  } finally {
    early.release();
  }
  await sync();
  await compare();
  expect(await rowsThere('messages')).toBe(3);
});

test('many writers at once while the mirror follows: the end is the same', async () => {
  const talks = await Promise.all(Array.from({ length: 4 }, () => talk(ws, { messages: 5 })));
  await sync();
  let isWriting = true;
  const writers = talks.map(async ({ conversation }, index) => {
    for (let round = 0; round < 15; round += 1)
      await transaction(store.pool, async (client) => {
        const id = newId('message');
        await client.query(messageSql, [id, ws, conversation, `round ${round}`]);
        await client.query(`update messages set status = 'delivered' where id = $1`, [id]);
        if (round % 4 === index % 4)
          await client.query(`delete from messages where conversation_id = $1 and text = $2`, [conversation, `round ${round - 1}`]);
      });
  });
  const following = (async () => {
    while (isWriting) await takeTurn(ws, { batchRows: 3 });
  })();
  await Promise.all(writers);
  isWriting = false;
  await following;
  await sync();
  await compare();
  expect(await rowsThere('messages')).toBeGreaterThan(4 * 5);
});

test('cut anywhere, it goes on from there: in the copy, before and after a batch was committed', async () => {
  const { conversation } = await talk(ws, { messages: 90 });
  for (const cut of ['before', 'after', 'before', 'after'] as const) await cutOff(cut, 2);
  const halfway = await loadMirrorState(store.pool, ws);
  expect([halfway?.phase, (halfway?.copiedRows ?? 0) > 0]).toEqual(['copying', true]);
  await sync();
  await compare();
  await say(ws, conversation, 60);
  await store.pool.query(`delete from messages where conversation_id = $1 and text like '%5'`, [conversation]);
  for (const cut of ['before', 'after'] as const) {
    await cutOff(cut, 1);
  }
  await sync();
  await compare();
});

test('a process that was frozen and taken over brings nothing old, even in the middle of its batch', async () => {
  const { conversation } = await talk(ws, { messages: 3 });
  await sync();
  await store.pool.query(`update messages set text = 'old' where conversation_id = $1`, [conversation]);
  const frozen = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const slow = takeTurn(ws, {
    open: async () => {
      const target = await openTarget(access, vet);
      return {
        ...target,
        apply: async (session, batch) => {
          reached.resolve();
          await frozen.promise;
          return target.apply(session, batch);
        },
      };
    },
  });
  await reached.promise;
  await releaseLease();
  await store.pool.query(`update messages set text = 'new' where conversation_id = $1`, [conversation]);
  await sync();
  frozen.resolve();
  expect(await slow).toBe('superseded');
  await sync();
  await compare();
  expect((await other.pool.query(`select distinct text from ${access.schema}.holdfast_messages`)).rows).toEqual([{ text: 'new' }]);
});

test('of two processes one has the turn', async () => {
  await talk(ws, { messages: 3 });
  const inside = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const first = takeTurn(ws, {
    open: async () => {
      inside.resolve();
      await go.promise;
      return openTarget(access, vet);
    },
  });
  await inside.promise;
  expect(await takeTurn(ws)).toBe('taken');
  go.resolve();
  await first;
});

test('while the other database is away changes wait, people see since when and why, and nothing is missing afterwards', async () => {
  const { conversation } = await talk(ws, { messages: 5 });
  await sync();
  wire.cut();
  await say(ws, conversation, 12);
  for (const failures of [1, 2, 3]) {
    const failing = await failOnce();
    expect(failing.problem?.code, `failure ${failures}`).toBe('mirror.target');
    expect(failing.problem?.detail).toContain(`127.0.0.1:${access.port}`);
    expect(JSON.stringify(failing)).not.toContain(access.password);
    expect([failing.pending > 0, failing.lagSeconds >= 0, failing.failingSince !== null]).toEqual([true, true, true]);
  }
  wire.mend();
  await sync();
  await compare();
  expect(await loadMirrorState(store.pool, ws)).toMatchObject({ problem: null, failingSince: null, pending: 0, lagSeconds: 0 });
});

test('a wire cut in the middle of a batch leaves nothing half there', async () => {
  const { conversation } = await talk(ws, { messages: 30 });
  await sync();
  await say(ws, conversation, 30);
  await expect(
    takeTurn(ws, {
      open: async () => {
        const target = await openTarget(access, vet);
        return {
          ...target,
          apply: (session, batch) => {
            const applying = target.apply(session, batch);
            wire.cut();
            return applying;
          },
        };
      },
    }),
  ).rejects.toMatchObject({ code: 'mirror.target' });
  wire.mend();
  await releaseLease();
  await sync();
  await compare();
});

test('a table or column that somebody removed is said so, and made and filled by a new copy; columns of their own stay', async () => {
  const { conversation } = await talk(ws, { messages: 5 });
  await sync();
  await other.pool.query(`alter table ${access.schema}.holdfast_messages add column remark text default 'theirs'`);
  await other.pool.query(`alter table ${access.schema}.holdfast_messages drop column model cascade`);
  await say(ws, conversation, 3);
  expect((await failOnce()).problem).toMatchObject({ code: 'mirror.changed', hint: expect.stringContaining('Sync from the start again') });
  await restartMirror(store.pool, { workspaceId: ws, takesOver: true });
  await sync();
  await compare();
  const theirs = await other.pool.query(`select count(*)::int as n from ${access.schema}.holdfast_messages where remark = 'theirs'`);
  expect(theirs.rows[0].n).toBe(8);
  await other.pool.query(`drop table ${access.schema}.holdfast_contacts cascade`);
  await store.pool.query(`update contacts set name = 'Berta' where workspace_id = $1`, [ws]);
  expect((await failOnce()).problem).toMatchObject({ code: 'mirror.changed' });
  await other.pool.query(`alter table ${access.schema}.holdfast_identities alter column address type integer using 1`);
  await restartMirror(store.pool, { workspaceId: ws, takesOver: true });
  await expect.poll(async () => (await failOnce()).problem?.detail, { timeout: 30_000 }).toContain('column’s type');
});

test('a new copy takes out what was put in or left over there, and never empties the tables meanwhile', async () => {
  await talk(ws, { messages: 30 });
  await sync();
  await other.pool.query(`insert into ${access.schema}.holdfast_messages (id, text) values ('msg_theirs', 'not ours')`);
  await other.pool.query(`update ${access.schema}.holdfast_messages set text = 'scratched'`);
  await restartMirror(store.pool, { workspaceId: ws, takesOver: true });
  await cutOff('after', 6);
  expect(await rowsThere('messages')).toBe(31);
  await sync();
  await compare();
});

test('another store’s mirror is left alone until somebody says that it is not needed; then nothing of it stays', async () => {
  await talk(ws, { messages: 3 });
  await sync();
  const second = await makeWorkspace(store.pool);
  await talk(second, { messages: 4 });
  await startMirroring(second);
  await expect(takeTurn(second)).rejects.toMatchObject({ code: 'mirror.taken' });
  await compare();
  await restartMirror(store.pool, { workspaceId: second, takesOver: true });
  await sync({ workspaceId: second });
  await compare(second);
  await deleteMirror(store.pool, second);
  await store.pool.query(`update contacts set name = 'x' where workspace_id = $1`, [ws]);
  await expect(takeTurn(ws)).rejects.toMatchObject({ code: 'mirror.taken' });
});

test('a restored mirror is found and begun anew, and takes what is there only when somebody says so', async () => {
  await talk(ws, { messages: 3 });
  await sync();
  await store.pool.query('delete from mirror_states where workspace_id = $1', [ws]);
  expect(await listDueMirrors(store.pool)).toContain(ws);
  await ensureMirrorState(store.pool, ws, newId('mirror'));
  await expect(takeTurn(ws)).rejects.toMatchObject({ code: 'mirror.taken' });
  await restartMirror(store.pool, { workspaceId: ws, takesOver: true });
  await sync();
  await compare();
});

test('beyond a number of changes recording stops, and everything is copied once the target is back', async () => {
  const { conversation } = await talk(ws, { messages: 3 });
  await sync();
  await say(ws, conversation, 40);
  expect(await stopOverlongMirrors(store.pool, 10_000)).toEqual([]);
  expect(await stopOverlongMirrors(store.pool, 30)).toEqual([ws]);
  await say(ws, conversation, 5);
  await expect.poll(() => forgetUnrecordedChanges(store.pool, 10), { timeout: 30_000 }).toBe(0);
  expect(await loadMirrorState(store.pool, ws)).toMatchObject({ phase: 'start', pending: 0 });
  await sync();
  await compare();
});

test('a batch of large messages is brought in parts; without a mirror nothing is recorded', async () => {
  const { conversation } = await talk(ws, { messages: 2 });
  await store.pool.query(`update messages set text = repeat('ñ', 200000) where conversation_id = $1`, [conversation]);
  await say(ws, conversation, 3);
  await sync({ batchBytes: 300_000 });
  await compare();
  await deleteMirror(store.pool, ws);
  await say(ws, conversation, 3);
  const recorded = await store.pool.query('select count(*)::int as n from mirror_changes where workspace_id = $1', [ws]);
  expect(recorded.rows[0].n).toBe(0);
});

/** A turn that must fail, noted as the server notes it; answers what people see. */
async function failOnce() {
  const seen: MirrorClaim[] = [];
  const thrown: unknown = await takeTurn(ws, {}, (claim) => seen.push(claim)).then(
    () => null,
    (error: unknown) => error,
  );
  const [claim] = seen;
  if (!claim || thrown === null) throw new Error('The turn did not fail.');
  await failMirror(store.pool, claim, { problem: { ...toProblem(asHoldfastError(thrown)) }, firstSeconds: 5, mostSeconds: 60 });
  const state = await loadMirrorState(store.pool, ws);
  if (!state) throw new Error('There is no state.');
  return state;
}

/** What happens when a process is gone and its time is over. */
const releaseLease = () => store.pool.query(`update mirror_states set lease_until = now() - interval '1 s' where workspace_id = $1`, [ws]);

/** A turn whose process dies right before or after its nth batch is committed; its time is over then. */
async function cutOff(when: 'before' | 'after', nth: number): Promise<void> {
  const dying = () => takeTurn(ws, { open: cutting(when, nth), batchRows: 20 }).catch((error: Error) => error.message);
  await expect.poll(dying, { timeout: 30_000 }).toBe('cut');
  await releaseLease();
}
const cutting = (when: 'before' | 'after', nth: number) => async (): Promise<MirrorTarget> => {
  const target = await openTarget(access, vet);
  let count = 0;
  return {
    ...target,
    apply: async (session, batch) => {
      count += 1;
      if (count === nth && when === 'before') throw new Error('cut');
      await target.apply(session, batch);
      if (count === nth) throw new Error('cut');
    },
  };
};

const messageSql = `insert into messages (id, workspace_id, conversation_id, direction, author, text, status) values ($1, $2, $3, 'in', 'customer', $4, 'received')`;

async function makeWorkspace(pool: Pool): Promise<string> {
  const id = newId('workspace');
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'The firm', $1)`, [id]);
  return id;
}

async function talk(workspaceId: string, { messages }: { messages: number }) {
  const [channel, contact, conversation] = [newId('channel'), newId('contact'), newId('conversation')];
  const { pool } = store;
  await pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, 'simulator', 'Simulator')`, [channel, workspaceId]);
  await pool.query(`insert into contacts (id, workspace_id, name) values ($1, $2, 'Ana')`, [contact, workspaceId]);
  await pool.query(`insert into identities (id, workspace_id, contact_id, channel_kind, address) values ($1, $2, $3, 'simulator', $1)`, [
    newId('identity'),
    workspaceId,
    contact,
  ]);
  await pool.query(`insert into conversations (id, workspace_id, channel_id, contact_id, address) values ($1, $2, $3, $4, $1 || '#t')`, [
    conversation,
    workspaceId,
    channel,
    contact,
  ]);
  await say(workspaceId, conversation, messages);
  return { channel, contact, conversation };
}

const say = (workspaceId: string, conversation: string, count: number) =>
  store.pool.query(
    `insert into messages (id, workspace_id, conversation_id, direction, author, text, status, model, input_tokens, cost_microusd, content, problem, pricing, sent_at)
      select 'msg_' || replace(gen_random_uuid()::text, '-', ''), $1, $2, 'out', 'bot', E'line\\n"\\\\ 👋 ' || n, 'sent', 'm-1', n, 9007199254740991 - n,
        jsonb_build_object('attachments', jsonb_build_array(jsonb_build_object('kind', 'image', 'n', 0.1))), case when n % 4 = 0 then '{"code": "send.window", "detail": "late"}'::jsonb end,
        '{"category": "utility"}', timestamptz '2026-11-23 09:00:00.000001+05:30' + n * interval '1 hour'
      from generate_series(1, $3::int) n`,
    [workspaceId, conversation, count],
  );

interface Wire {
  port: number;
  cut: () => void;
  mend: () => void;
  close: () => void;
}

/** A TCP connection to a server that a test can cut; while it is cut, whoever dials is hung up on. */
async function openWire(host: string, port: number): Promise<Wire> {
  const open = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, host);
    for (const [socket, opposite] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket) && opposite.destroy());
    }
    return near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    cut: () => {
      isCut = true;
      cutAll();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      server.close();
      cutAll();
    },
  };
}
