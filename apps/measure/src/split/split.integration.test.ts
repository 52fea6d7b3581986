import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startChild, type Child } from '@holdfast/stack';
import { testDatabase, testTemporal, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiClient } from '../product/api-client.ts';
import { askingFlow, flow } from '../waiting/waiting-flows.ts';

// As in production: a server, and workers that only share PostgreSQL and Temporal with it.
const main = fileURLToPath(import.meta.resolve('@holdfast/holdfast/main'));
let database: TestDatabase;
let folder: string;
let api: ApiClient;
let url: string;
let children: Child[];

beforeAll(async () => {
  const [temporal, port] = await Promise.all([testTemporal(), freePort()]);
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-split-'));
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    HOLDFAST_PORT: String(port),
    HOLDFAST_DATA_DIR: folder,
    HOLDFAST_OWNER_EMAIL: 'owner@split.test',
    HOLDFAST_OWNER_PASSWORD: 'two-workers-one-server',
  };
  children = [];
  for (const role of ['server', 'worker', 'worker']) children.push(await startPart(role, env));
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'api-key', '--name', 'split', '--role', 'admin'], { env });
  url = `http://127.0.0.1:${port}`;
  api = new ApiClient(url);
  api.key = stdout.trim();
  await api.pauseAllFlows();
}, 120_000);
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop('SIGTERM', 12_000)));
  await rm(folder, { recursive: true, force: true });
  await database.close();
});

async function startPart(role: string, env: NodeJS.ProcessEnv): Promise<Child> {
  const file = join(dirname(main), 'app-process.ts');
  const logFile = join(folder, `${role}.log`);
  const child = await startChild({ file: process.execPath, args: [file, role], env, logFile, ipc: true });
  await new Promise<void>((resolve, reject) => {
    child.child.once('message', (message: object) => ('ready' in message ? resolve() : reject(new Error(JSON.stringify(message)))));
    child.child.once('exit', () => reject(new Error(`The ${role} ended: ${readFileSync(logFile, 'utf8').slice(-2_000)}`)));
  });
  return child;
}

const rows = async (sql: string) => (await database.pool.query(sql)).rows;
const said = async (contact: string) =>
  (
    await rows(
      `select m.text from messages m join conversations c on c.id = m.conversation_id join contacts p on p.id = c.contact_id
        where p.name = '${contact}' and m.direction = 'out' and m.status = 'sent' order by m.created_at`,
    )
  ).map(({ text }) => text);

test('each process listens on one connection, and the server answers with what a worker did in its express lane', async () => {
  await api.publish(
    flow('Adds', [
      { id: 'start', type: 'webhook-trigger', config: { path: 'adds-9k2m1', respond: 'result', timeout: '20s' }, port: 'received' },
      { id: 'note', type: 'set-data', config: { fields: [{ name: 'said', value: 'Hello {{ trigger.body.name }}' }] }, port: 'done' },
      { id: 'end', type: 'end', config: { result: 'fields', fields: [{ name: 'said', value: '{{ nodes.note.said }}' }] } },
    ]),
  );
  const names = Array.from({ length: 12 }, (_, index) => `caller ${index}`);
  const answers = await Promise.all(
    names.map(async (name) => {
      const answer = await fetch(`${url}/hooks/flows/adds-9k2m1`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      return answer.json();
    }),
  );
  expect(answers).toEqual(names.map((name) => ({ said: `Hello ${name}` })));
  expect(await rows(`select began_in, outcome, count(*)::int from runs group by 1, 2`)).toEqual([
    { began_in: 'express', outcome: 'done', count: 12 },
  ]);
  const listening = await rows(
    `select 1 from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()`,
  );
  expect(listening).toHaveLength(3);
});

test('a conversation goes on although the worker that asked its question is gone', async () => {
  await api.publish(askingFlow());
  const people = Array.from({ length: 6 }, (_, index) => `person ${index}`);
  await Promise.all(people.map((contact) => api.call('POST', '/api/simulator/messages', { contact, text: 'Hello' })));
  const everybody = (count: number) =>
    vi.waitFor(async () => expect((await Promise.all(people.map(said))).map(({ length }) => length)).toEqual(people.map(() => count)), {
      timeout: 30_000,
      interval: 100,
    });
  await everybody(1);
  children[1]?.child.kill('SIGKILL');
  await Promise.all(people.map((contact) => api.call('POST', '/api/simulator/messages', { contact, text: `order of ${contact}` })));
  await everybody(2);
  expect(await said('person 3')).toEqual(['Which order is it about?', 'We look into order of person 3.']);
}, 60_000);
