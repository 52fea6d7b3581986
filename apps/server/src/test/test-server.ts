import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Role } from '@holdfast/contracts';
import { createPool, insertApiKey, newId, transaction, type Pool } from '@holdfast/db';
import { testDatabase } from '@holdfast/test-kit';
import { hashPassword } from 'better-auth/crypto';
import { pino } from 'pino';
import { hashApiKey, keyStart, makeApiKey } from '../auth/api-key.ts';
import { composeServer, type ComposedServer, type ComposeOptions } from '../compose-server.ts';
import { addPerson } from '../routes/people-routes.ts';
import { insertNewWorkspace } from '../setup/new-workspace.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, else the text. */
  body: any; // oxlint-disable-line no-explicit-any -- tests look into it and vitest compares
}
export interface Client {
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

export interface TestServer {
  url: string;
  pool: Pool;
  databaseUrl: string;
  dataDir: string;
  composed: ComposedServer;
  /** The first workspace. */
  workspaceId: string;
  anonymous: Client;
  /** Signed in as the first owner. */
  owner: Client;
  /** A key of a role, for the first or another workspace. */
  withKey: (role: Exclude<Role, 'owner'>, workspaceId?: string) => Promise<Client>;
  /** A person with a session. */
  withSession: (role: Role, workspaceId?: string) => Promise<Client & { userId: string; email: string; password: string; cookie: string }>;
  addWorkspace: (name: string) => Promise<string>;
  close: () => Promise<void>;
}

export const ownerEmail = 'ana@example.com';
export const ownerPassword = 'kelp-forest-1';

/** The whole server on a database of its own; Temporal is not there unless an address is given. */
export async function startTestServer(
  given: {
    temporalAddress?: string;
    environment?: NodeJS.ProcessEnv;
    withOwner?: boolean;
    reachDatabase?: (url: string) => string;
  } & Partial<Pick<ComposeOptions, 'editorDir' | 'temporalNamespace' | 'demoUrl'>> = {},
): Promise<TestServer> {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-server-'));
  const composed = await composeServer({
    watches: false,
    databaseUrl: given.reachDatabase?.(database.url) ?? database.url,
    temporalAddress: given.temporalAddress ?? '127.0.0.1:1',
    dataDir,
    logger: pino({ level: 'silent' }),
    validatesResponses: true,
    ...(given.editorDir === undefined ? {} : { editorDir: given.editorDir }),
    ...(given.temporalNamespace === undefined ? {} : { temporalNamespace: given.temporalNamespace }),
    ...(given.demoUrl === undefined ? {} : { demoUrl: given.demoUrl }),
    environment: {
      ...given.environment,
      ...(given.withOwner === false ? {} : { HOLDFAST_OWNER_EMAIL: ownerEmail, HOLDFAST_OWNER_PASSWORD: ownerPassword }),
    },
  }).catch(async (error: unknown) => {
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  // A test that stood still must not write to a connection that was just given up.
  const server = createServer({ keepAliveTimeout: 600_000 }, composed.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const pool = createPool(database.url, { max: 4 });
  const workspaceId = (await pool.query<{ id: string }>('select id from workspaces order by created_at limit 1')).rows[0]?.id ?? '';
  const ownerCookie = given.withOwner === false ? '' : await signIn(url, ownerEmail, ownerPassword);
  return {
    url,
    pool,
    databaseUrl: database.url,
    dataDir,
    composed,
    workspaceId,
    anonymous: client(url, {}),
    owner: client(url, { cookie: ownerCookie }),
    withKey: async (role, workspace = workspaceId) => {
      const key = makeApiKey();
      await insertApiKey(pool, {
        id: newId('apiKey'),
        workspaceId: workspace,
        name: role,
        role,
        hash: hashApiKey(key),
        start: keyStart(key),
        createdBy: 'test',
      });
      return client(url, { authorization: `Bearer ${key}` });
    },
    withSession: async (role, workspace = workspaceId) => {
      const person = await insertPerson(pool, role, workspace);
      const cookie = await signIn(url, person.email, person.password);
      return { ...client(url, { cookie }), ...person, cookie };
    },
    addWorkspace: (name) => transaction(pool, (connection) => insertNewWorkspace(connection, composed.deps, name)),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await composed.closeStreams();
      await composed.stop();
      await pool.end();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function insertPerson(pool: Pool, role: Role, workspaceId: string) {
  const email = `${newId('user')}@example.com`;
  const password = 'a-good-long-password';
  const passwordHash = await hashPassword(password);
  const { userId } = await transaction(pool, (connection) =>
    addPerson(connection, { memberId: newId('member'), workspaceId, name: role, email, role, passwordHash, mustChangePassword: false }),
  );
  return { userId, email, password };
}

/** The session cookie of a person. */
export async function signIn(url: string, email: string, password: string): Promise<string> {
  const answer = await client(url, {}).call('POST', '/api/auth/sign-in/email', { email, password });
  if (answer.status !== 200) throw new Error(`Signing in as ${email} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** So long a caller that is told "later" comes again. */
const comesAgainForMs = 30_000;

/** Calls as providers and people do: what the server could not take in because its database was too slow just then is brought again. */
export function client(url: string, base: Record<string, string>): Client {
  return {
    call: async (...given) => {
      const until = performance.now() + comesAgainForMs;
      for (;;) {
        const answer = await callOnce(url, base, ...given);
        if (answer.status !== 503 || answer.body.code !== 'database.unavailable' || performance.now() > until) return answer;
        await pause(200);
      }
    },
  };
}

export async function callOnce(
  url: string,
  base: Record<string, string>,
  ...[method, path, body, headers = {}]: Parameters<Client['call']>
): Promise<Answer> {
  // Some libraries bring the browser's types along, which take no bytes that others may share.
  const raw = body instanceof Uint8Array ? new Uint8Array(body) : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: { ...base, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}
