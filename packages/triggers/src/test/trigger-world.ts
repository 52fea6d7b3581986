import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId, type Pool } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import { catalog } from '@holdfast/nodes/catalog';
import { createProviders, type ProviderCall } from '@holdfast/providers';
import { testWorld, type TestWorld } from '@holdfast/runs/test-world';
import { usualPace, type Pace, type TriggerDeps } from '../deps.ts';
import { createEgressFor } from '../egress-for.ts';
import { findReceiver, receiveMessage } from '../receive-message.ts';
import { lookAround } from '../start-triggers.ts';

type Open = NonNullable<ProviderCall['credential']>;

/** A workspace whose triggers listen to fakes, with an address that they can call. For tests only. */
export interface TriggerWorld {
  pool: Pool;
  world: TestWorld;
  deps: TriggerDeps;
  /** Where we are reached. */
  url: string;
  /** Nobody answers there while it is true. */
  isDown: boolean;
  /** A connection as it is stored; `open` is what its calls go out with. */
  addCredential: (
    kind: string,
    given: { settings?: JsonObject; account?: JsonObject; secret: JsonObject; open: Partial<Open> },
  ) => Promise<string>;
  publish: (type: string, config: JsonObject) => Promise<string>;
  setPaused: (flowId: string, isPaused: boolean) => Promise<void>;
  /** What is due is done, all of it; what is not due is made so. As `process` when given. */
  look: (given?: { pace?: Partial<Pace>; process?: string }) => Promise<void>;
  /** What the runs of a flow were given, in the order in which they began. */
  inputs: (flowId: string) => Promise<any[]>; // oxlint-disable-line no-explicit-any -- tests look into it and vitest compares
  alerts: () => Promise<string[]>;
  close: () => Promise<void>;
}

/** Nothing is too young to be read, and nothing waits. */
const testPace: Pace = { ...usualPace, settleMs: 0, random: () => 0.5 };

export async function triggerWorld(): Promise<TriggerWorld> {
  const world = await testWorld();
  const { pool, workspaceId } = world;
  const egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
  const gate = createProviders({ pool, egress, copyIsFreshMs: 0 });
  const opened = new Map<string, Open>();
  const egressFor = createEgressFor({ gate, openCredential: async (_workspace, id) => opened.get(id) ?? missing(id) });
  const openSecret: TriggerDeps['openSecret'] = ({ secret }) => secret.toString();
  const receiving = { runs: world.deps, openSecret, now: () => new Date() };
  const server = createServer((request, response) => {
    void receive(request)
      .then((status) => response.writeHead(status).end())
      .catch(() => response.destroy());
  });
  const receive = async (request: IncomingMessage): Promise<number> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (triggers.isDown) return 503;
    const body = Buffer.concat(chunks);
    const hook = await findReceiver(world.deps, request.url?.split('/').at(-1) ?? '');
    if (!hook) return 404;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    return receiveMessage(receiving, hook, { headers, body, read: () => JSON.parse(body.toString()) }).then(
      () => 200,
      (error: unknown) => (error instanceof HoldfastError ? error.meaning.status : 500),
    );
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const deps: TriggerDeps = { ...receiving, egressFor, process: newId('process'), publicUrl: url, pace: testPace };
  const triggers: TriggerWorld = {
    pool,
    world,
    deps,
    url,
    isDown: false,
    addCredential: async (kind, { settings = {}, account = {}, secret, open }) => {
      const id = newId('credential');
      await pool.query(
        `insert into credentials (id, workspace_id, name, kind, secret, key_id, settings, account) values ($1, $2, $1, $3, $4, 'k', $5, $6)`,
        [id, workspaceId, kind, Buffer.from(JSON.stringify(secret)), JSON.stringify(settings), JSON.stringify(account)],
      );
      opened.set(id, { kind, allowedHosts: [], secret: {}, ...open });
      return id;
    },
    publish: async (type, config) => {
      const full = catalog[type]?.config.parse(config) as JsonObject; // what the schema gives of JSON
      const { flowId } = await world.publish(`start:${type} -> end:end`, { catalog, configs: { start: full } });
      return flowId;
    },
    setPaused: async (flowId, isPaused) => {
      await pool.query('update flows set paused_at = case when $2 then now() end where id = $1', [flowId, isPaused]);
    },
    look: async ({ pace, process } = {}) => {
      await pool.query('update credential_hooks set check_at = now()');
      await pool.query('update sheet_watches set poll_at = now()');
      const work: Promise<void>[] = [];
      const as = { ...deps, process: process ?? deps.process, pace: { ...deps.pace, ...pace } };
      await lookAround(as, { room: () => 10, begin: (one) => void work.push(one) });
      await Promise.all(work);
    },
    inputs: async (flowId) =>
      (await pool.query('select input from runs where flow_id = $1 order by id', [flowId])).rows.map(({ input }) => input),
    alerts: async () => (await pool.query<{ title: string }>('select title from alerts order by id')).rows.map(({ title }) => title),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await gate.close();
      await egress.close();
      await world.close();
    },
  };
  return triggers;
}

function missing(id: string): never {
  throw new HoldfastError('credential.missing', { detail: `No credential ${id} in this test.` });
}
