import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentDesk, createAgentLine, type AgentLine } from '@holdfast/agents';
import { createDatabases, type Databases } from '@holdfast/databases';
import { createPool, findAgentByToken, loadAgentStanding, type Pool } from '@holdfast/db';
import { agentProtocol, createEgress, type Egress, type EgressCall } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import { createSecrets } from '@holdfast/secrets';
import { forkTallyService, startCanary, startHttpService, type Canary, type ForkedTallyService } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { hashAgentToken } from './agent-token.ts';

const canarySecret = 'erp-key-5f0c2a91';
let server: TestServer;
let shop: ForkedTallyService;
let canary: Canary;
/** Another process as far as the server can tell: it has a pool of its own and only the database in common. */
let pool: Pool;
let line: AgentLine;
let egress: Egress;
let databases: Databases;
/** What the agents dial; it leads to the server, or nowhere. */
let front: Front;
const agents: RunningAgent[] = [];
const folders: string[] = [];
const logs: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  shop = await forkTallyService({ seed: 1, slowMs: 0 });
  canary = await startCanary();
  pool = createPool(server.databaseUrl, { max: 10 });
  line = createAgentLine({ pool, secrets: createSecrets({ dataDir: server.dataDir }), lookEveryMs: 300 });
  egress = createEgress({ carry: line.carry });
  databases = createDatabases(egress);
});
beforeEach(async () => {
  front = await startFront(Number(new URL(server.url).port));
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.end('SIGKILL')));
  await front.close();
  expect(canary.touches).toBe(0);
  await shop.release();
});
afterAll(async () => {
  await Promise.all([egress.close(), databases.close()]);
  await line.close();
  await pool.end();
  await server.close();
  await Promise.all([shop.close(), canary.close()]);
  // What a flow's call carries stands in no log and on no disk, and while it waited in no row.
  expect(logs.join('')).not.toContain(canarySecret);
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()))
      expect(readFileSync(join(file.parentPath, file.name), 'latin1'), file.name).not.toContain(canarySecret);
    rmSync(folder, { recursive: true });
  }
});

interface Front {
  url: string;
  leadTo: (port: number | null) => void;
  close: () => Promise<void>;
}
async function startFront(first: number): Promise<Front> {
  let port: number | null = first;
  const sockets = new Set<{ destroy: () => void }>();
  const listener: Server = createServer((near) => {
    if (port === null) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => (near.destroy(), far.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  const leadTo = (next: number | null) => {
    port = next;
    sockets.forEach((socket) => socket.destroy());
    sockets.clear();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    leadTo,
    close: async () => {
      leadTo(null);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

interface RunningAgent {
  child: ChildProcess;
  folder: string;
  log: () => string;
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-agent-'));
  folders.push(folder);
  return folder;
};
/** The program itself, as `npx holdfast-agent` starts it. */
function startAgent({ token, allow, folder = newFolder() }: { token: string; allow: string; folder?: string }): RunningAgent {
  const main = join(import.meta.dirname, '../../../agent/src/main.ts');
  const child = spawn(process.execPath, [main, '--server', front.url, '--allow', allow, '--data-dir', folder], {
    env: { PATH: process.env['PATH'], HOLDFAST_AGENT_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += String(chunk);
      logs.push(String(chunk));
    });
  const exited = once(child, 'exit').then(([code]) => code as number | null); // as Node says it
  const agent = { child, folder, log: () => log, end: (signal: NodeJS.Signals) => (child.kill(signal), exited) };
  agents.push(agent);
  return agent;
}

let number = 0;
async function makeAgent(allowedHosts: string[] = [new URL(shop.url).host]): Promise<{ id: string; token: string }> {
  const { status, body } = await server.owner.call('POST', '/api/agents', { name: `Warehouse ${(number += 1)}`, allowedHosts });
  expect(status).toBe(201);
  return body;
}
const connected = (agent: RunningAgent) => expect.poll(agent.log).toContain('Connected to the server');

function call(agent: { id: string }, given: Partial<EgressCall> & { order?: string } = {}) {
  const { order = 'A', ...rest } = given;
  return egress.request({
    method: 'POST',
    url: `${shop.url}/notes`,
    body: JSON.stringify({ order }),
    timeoutMs: 300_000,
    resolvedCredential: {
      kind: 'bearer',
      name: 'ERP',
      allowedHosts: ['127.0.0.1'],
      secret: { token: canarySecret },
      via: { kind: 'agent', id: agent.id, workspaceId: server.workspaceId },
    },
    ...rest,
  });
}
const failure = (...args: Parameters<typeof call>): Promise<HoldfastError> =>
  call(...args).then(
    (answer) => Promise.reject(new Error(`answered ${answer.status}`)),
    (error: unknown) => (error instanceof HoldfastError ? error : Promise.reject(error)),
  );
const notes = async (order: string): Promise<number> => (await shop.tally())[order]?.notes ?? 0;
const rows = async () => (await pool.query<{ state: string; request: Buffer }>('select state, request from agent_calls')).rows;

test('a call is made inside the other network, once, and answered; nothing of it stays', async () => {
  const made = await makeAgent();
  const agent = startAgent({ ...made, allow: new URL(shop.url).host });
  await connected(agent);
  await shop.hold({ '/notes': ['plain'] });
  const answer = call(made, { order: 'plain' });
  await expect.poll(shop.held).toBe(1);
  const [row] = await rows();
  expect([row?.state, row?.request.toString('latin1').includes(canarySecret)]).toEqual(['leased', false]);
  await shop.release();
  expect(await answer).toMatchObject({ status: 201, body: { note: 'n-plain-1' } });
  expect([await notes('plain'), await rows()]).toEqual([1, []]);
  const [view] = (await server.owner.call('GET', '/api/agents')).body.items.filter((each: { id: string }) => each.id === made.id);
  expect(view).toMatchObject({ isHeard: true, instances: [{ isHeard: true, allowedHosts: [new URL(shop.url).host], version: '0.1.0' }] });
  expect(JSON.stringify(view)).not.toContain(made.token);
  expect(await agent.end('SIGTERM')).toBe(0);
});

test('both lists hold: neither the server nor the agent can open what the other one does not', async () => {
  const narrow = await makeAgent();
  expect(await failure(narrow, { url: `${canary.url}/` })).toMatchObject({
    code: 'credential.host',
    detail: expect.stringContaining('may be asked for'),
  });
  const wide = await makeAgent([new URL(shop.url).host, `127.0.0.1:${canary.port}`]);
  const service = await startHttpService();
  await server.owner.call('PUT', `/api/agents/${wide.id}`, {
    name: 'Wide',
    allowedHosts: [`127.0.0.1:${canary.port}`, `127.0.0.1:${service.port}`],
  });
  await connected(startAgent({ ...wide, allow: `127.0.0.1:${service.port}` }));
  expect(await failure(wide, { url: `${canary.url}/` })).toMatchObject({
    code: 'credential.host',
    detail: expect.stringContaining('own list'),
  });
  // S3: a redirect is judged by both lists as well.
  for (const location of [canary.url, 'http://169.254.169.254/latest', 'file:///etc/passwd']) {
    service.on('/away', { status: 302, headers: { location } });
    expect((await failure(wide, { method: 'GET', url: `${service.url}/away` })).code, location).toMatch(/credential\.host|egress\.blocked/);
  }
  await service.close();
});

test('what the agent could not reach is told with its leg, as nothing sent', async () => {
  const made = await makeAgent(['127.0.0.1:1']);
  await connected(startAgent({ ...made, allow: '127.0.0.1:1' }));
  expect(await failure(made, { url: 'http://127.0.0.1:1/' })).toMatchObject({
    code: 'upstream.unreachable',
    detail: expect.stringMatching(
      /^By the agent "Warehouse \d+": 127\.0\.0\.1:1 could not be reached: nothing is listening there\. Nothing was sent/,
    ),
  });
});

test('an agent that is not there is said so, and nothing is sent, later neither', async () => {
  const made = await makeAgent();
  expect(await failure(made)).toMatchObject({ code: 'upstream.unreachable', detail: expect.stringContaining('was never started') });
  const agent = startAgent({ ...made, allow: new URL(shop.url).host });
  // Its question for work is open, so nothing more is heard of it.
  await expect
    .poll(async () => (await pool.query('select 1 from agent_instances where agent_id = $1 and turn >= 2', [made.id])).rowCount)
    .toBe(1);
  await agent.end('SIGKILL');
  await pool.query(`update agents set seen_at = '2024-03-05 14:02Z' where id = $1`, [made.id]);
  expect(await failure(made)).toMatchObject({
    code: 'upstream.unreachable',
    detail: expect.stringContaining('has not been heard since 2024-03-05 14:02 UTC'),
  });
  expect(await rows()).toEqual([]);
});

test('an agent whose question was cut off has left soon, and is there again when it asks', async () => {
  const { id, token } = await makeAgent();
  const agent = await findAgentByToken(pool, hashAgentToken(token));
  if (!agent) throw new Error('The agent is not there.');
  const desk = createAgentDesk({ pool, secrets: createSecrets({ dataDir: server.dataDir }), holdMs: 300_000, leavesAfterMs: 10 });
  const isHeard = async () => (await loadAgentStanding(pool, { workspaceId: agent.workspaceId, id }))?.isHeard;
  const who = {
    protocol: agentProtocol,
    instance: 'i',
    boot: 1,
    process: 'p',
    machine: 'm',
    version: '1',
    allow: [],
    room: 1,
    running: 0,
    known: [],
  };
  const gone = new AbortController();
  const cut = desk.give(agent, { ...who, turn: 1 }, gone.signal);
  await expect.poll(isHeard).toBe(true);
  gone.abort();
  await cut;
  await expect.poll(isHeard).toBe(false);
  const open = desk.give(agent, { ...who, turn: 2 }, new AbortController().signal);
  await expect.poll(isHeard).toBe(true);
  await desk.close();
  await open;
});

test('killed while the service had the call: it is not made again, and nobody claims to know', async () => {
  const made = await makeAgent();
  const allow = new URL(shop.url).host;
  const agent = startAgent({ ...made, allow });
  await connected(agent);
  await shop.hold({ '/notes': ['killed'] });
  const answer = failure(made, { order: 'killed' });
  await expect.poll(shop.held).toBe(1);
  await agent.end('SIGKILL');
  await shop.release();
  startAgent({ ...made, allow, folder: agent.folder });
  expect(await answer).toMatchObject({ code: 'upstream.ambiguous' });
  expect(await notes('killed')).toBe(1);
});

test('killed after the answer, before the server had it: the answer arrives with the next start', async () => {
  const made = await makeAgent();
  const allow = new URL(shop.url).host;
  const agent = startAgent({ ...made, allow });
  await connected(agent);
  await shop.hold({ '/notes': ['answered'] });
  const answer = call(made, { order: 'answered' });
  await expect.poll(shop.held).toBe(1);
  front.leadTo(null);
  await shop.release();
  await expect.poll(() => readdirSync(join(agent.folder, 'calls')).filter((name) => name.endsWith('.end'))).toHaveLength(1);
  await agent.end('SIGKILL');
  front.leadTo(Number(new URL(server.url).port));
  startAgent({ ...made, allow, folder: agent.folder });
  expect(await answer).toMatchObject({ status: 201, body: { note: 'n-answered-1' } });
  expect(await notes('answered')).toBe(1);
});

test('killed between lease and its journal: the call was never begun, so the next start makes it', async () => {
  const made = await makeAgent();
  const work = (boot: number, turn: number) =>
    server.anonymous.call(
      'POST',
      '/hooks/agents/work',
      {
        protocol: agentProtocol,
        instance: 'i',
        boot,
        process: `p${boot}`,
        turn,
        machine: 'm',
        version: '0',
        allow: [],
        room: 4,
        running: 0,
        known: [],
      },
      { authorization: `Bearer ${made.token}` },
    );
  await pool.query('update agents set seen_at = now() where id = $1', [made.id]);
  const answer = call(made, { order: 'lost' });
  await expect.poll(rows).toHaveLength(1);
  const first = await work(1, 1);
  expect(first.body.calls).toHaveLength(1);
  // It dies here. Its next start knows of nothing, and gets the call again; what the dead one would still say is not taken.
  const second = await work(2, 1);
  expect(second.body.calls).toMatchObject([{ id: first.body.calls[0].id, epoch: 2 }]);
  expect((await work(1, 2)).status).toBe(409);
  const say = ({ id, epoch }: { id: string; epoch: number }, body: string) =>
    server.anonymous.call(
      'POST',
      '/hooks/agents/results',
      {
        id,
        epoch,
        outcome: {
          state: 'answered',
          status: 200,
          headers: {},
          body: Buffer.from(body).toString('base64'),
          url: shop.url,
          wasActedOn: false,
        },
      },
      { authorization: `Bearer ${made.token}` },
    );
  expect((await say(first.body.calls[0], 'of the dead')).body).toEqual({ receipt: 'gone' });
  expect((await say(second.body.calls[0], 'of the living')).body).toEqual({ receipt: 'kept' });
  expect((await answer).body).toBe('of the living');
});

test('two agents with one token share the work, and each call is made once; a server that is gone for a moment loses none', async () => {
  const made = await makeAgent();
  const allow = new URL(shop.url).host;
  const [one, other] = [startAgent({ ...made, allow }), startAgent({ ...made, allow })];
  await Promise.all([connected(one), connected(other)]);
  const orders = Array.from({ length: 40 }, (_, at) => `shared-${at}`);
  await shop.hold({ '/notes': orders.slice(0, 8) });
  const answers = Promise.all(orders.map((order) => call(made, { order })));
  await expect.poll(shop.held).toBeGreaterThan(0);
  front.leadTo(null);
  await shop.release();
  front.leadTo(Number(new URL(server.url).port));
  expect((await answers).map(({ status }) => status)).toEqual(orders.map(() => 201));
  const tally = await shop.tally();
  expect(orders.map((order) => tally[order]?.notes)).toEqual(orders.map(() => 1));
});

test('an agent of another protocol gets no work and hears who must be brought up to date; what it did before is taken all the same', async () => {
  const made = await makeAgent();
  const authorization = `Bearer ${made.token}`;
  const ask = (protocol: number) =>
    server.anonymous.call(
      'POST',
      '/hooks/agents/work',
      { protocol, instance: 'i', boot: 1, process: 'p', turn: 1, machine: 'm', version: '0', allow: [], room: 4, running: 0, known: [] },
      { authorization },
    );
  await pool.query('update agents set seen_at = now() where id = $1', [made.id]);
  const answer = call(made, { order: 'old' });
  await expect.poll(rows).toHaveLength(1);
  expect(await ask(1)).toMatchObject({ status: 415, body: { hint: 'Bring the agent up to date.' } });
  expect(await ask(agentProtocol + 1)).toMatchObject({ status: 415, body: { hint: 'Bring the server up to date.' } });
  const { id, epoch } = (await ask(agentProtocol)).body.calls[0];
  expect(await ask(1)).toMatchObject({ status: 415 });
  const outcome = {
    state: 'answered',
    status: 200,
    headers: {},
    body: Buffer.from('done').toString('base64'),
    url: shop.url,
    wasActedOn: false,
  };
  const tell = (said: object) => server.anonymous.call('POST', '/hooks/agents/results', { id, epoch, outcome: said }, { authorization });
  // What nobody can read is not told for ever.
  const deep: unknown = JSON.parse('['.repeat(2_000) + ']'.repeat(2_000));
  expect(await tell({ state: 'asked', answer: deep })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  expect((await tell(outcome)).body).toEqual({ receipt: 'kept' });
  expect(await answer).toMatchObject({ status: 200, body: 'done' });
});

test('one folder is for one agent; a revoked token ends it', async () => {
  const made = await makeAgent();
  const allow = new URL(shop.url).host;
  const agent = startAgent({ ...made, allow });
  await connected(agent);
  const second = startAgent({ ...made, allow, folder: agent.folder });
  expect(await once(second.child, 'exit')).toEqual([5, null]);
  const exited = once(agent.child, 'exit');
  await server.owner.call('POST', `/api/agents/${made.id}/revoke`);
  // Its open question is cut, so that it asks at once.
  front.leadTo(Number(new URL(server.url).port));
  expect(await exited).toEqual([3, null]);
  expect(await failure(made)).toMatchObject({ code: 'credential.attention', detail: expect.stringContaining('was revoked') });
});

/** The server's own database stands for one in the other network. */
const erp = () => {
  const { hostname, port, pathname, username, password } = new URL(server.databaseUrl);
  return {
    host: `${hostname}:${port}`,
    settings: { host: hostname, port, database: pathname.slice(1), user: username, tls: 'off' },
    password,
  };
};
const database = (agent: { id: string }, settings: Record<string, string> = {}) => ({
  kind: 'postgresql',
  name: 'ERP',
  settings: { ...erp().settings, writing: 'allowed', network: 'outside', ...settings },
  secret: { password: decodeURIComponent(erp().password) },
  via: { kind: 'agent' as const, id: agent.id, workspaceId: server.workspaceId },
});
const ask = (agent: { id: string }, sql: string, { operation = 'query' as 'query' | 'change', settings = {} } = {}) =>
  databases.query({
    workspaceId: server.workspaceId,
    credential: database(agent, settings),
    request: {
      operation,
      sql,
      values: [{ name: 'key', value: canarySecret, as: 'text', emptyIsNull: false }],
      mostRows: 10,
      timeoutMs: 300_000,
      isRepeatable: false,
    },
  });

test('a database is asked inside the other network, with all that its rules say, and only where both lists allow it; nothing of it stays', async () => {
  const made = await makeAgent([erp().host, `127.0.0.1:${canary.port}`]);
  const agent = startAgent({ ...made, allow: erp().host });
  await connected(agent);
  await pool.query('create table notes_there (text text unique)');
  expect(await databases.test({ credential: database(made) })).toMatch(/^PostgreSQL .* answers\.$/);
  expect(await ask(made, `select :key::text as key, 12345678901234567890::numeric as big`)).toEqual({
    rows: [{ key: canarySecret, big: '12345678901234567890' }],
    rowCount: 1,
    isTruncated: false,
    refusal: null,
  });
  const insert = `insert into notes_there values (:key)`;
  expect(await ask(made, insert, { operation: 'change' })).toMatchObject({ rowCount: 1, refusal: null });
  expect(await ask(made, insert, { operation: 'change' })).toMatchObject({ refusal: { kind: 'exists-already', columns: ['text'] } });
  await expect(ask(made, 'select :key from nowhere_at_all')).rejects.toMatchObject({ code: 'step.config' });
  await expect(ask(made, insert, { operation: 'change', settings: { writing: 'refused' } })).rejects.toMatchObject({
    code: 'credential.host',
  });
  const settings = { host: '127.0.0.1', port: String(canary.port) };
  for (const [one, words] of [
    [await makeAgent([erp().host]), 'may be asked for'],
    [made, 'own list'],
  ] as const)
    await expect(ask(one, 'select :key', { settings })).rejects.toMatchObject({
      code: 'credential.host',
      detail: expect.stringContaining(words),
    });
  expect((await pool.query('select text from notes_there')).rows).toEqual([{ text: canarySecret }]);
  expect(await rows()).toEqual([]);
});

test('a change whose agent dies while it is being kept is a person’s, and is not made again', async () => {
  const made = await makeAgent([erp().host]);
  const first = startAgent({ ...made, allow: erp().host });
  await connected(first);
  await pool.query(`create function wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$`);
  await pool.query(`create table slow_there (text text)`);
  await pool.query(
    `create constraint trigger slow_commit after insert on slow_there deferrable initially deferred for each row execute function wait_long()`,
  );
  const thrown = ask(made, 'insert into slow_there values (:key)', { operation: 'change' }).catch((error: unknown) => error);
  const keeping = `from pg_stat_activity where datname = current_database() and state = 'active' and query = 'commit'`;
  await expect.poll(async () => (await pool.query(`select 1 ${keeping}`)).rowCount).toBe(1);
  await first.end('SIGKILL');
  await pool.query(`select pg_terminate_backend(pid) ${keeping}`);
  await pool.query('drop trigger slow_commit on slow_there');
  await connected(startAgent({ ...made, allow: erp().host, folder: first.folder }));
  expect(await thrown).toMatchObject({ code: 'upstream.ambiguous' });
  expect((await pool.query('select 1 from slow_there')).rowCount).toBe(0);
});
