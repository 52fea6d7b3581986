import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callOnce, startTestServer, type TestServer } from '../test/test-server.ts';

/** A wire to PostgreSQL that can stand still: connections stay open, and nothing comes through. */
interface Wire {
  /** The same address by this wire. */
  reach: (url: string) => string;
  freeze: () => void;
  thaw: () => void;
  cut: () => Promise<void>;
}

let wire: Wire;
let server: TestServer;
beforeEach(async () => {
  wire = await startWire();
  server = await startTestServer({ reachDatabase: wire.reach });
  await publishHook();
});
afterEach(async () => {
  wire.thaw();
  await server.close();
  await wire.cut();
});

test.each(['frozen', 'gone'] as const)(
  'while PostgreSQL is %s, hooks say "later" and health says what is missing; then they take in again',
  async (state) => {
    await expect.poll(() => call('POST', '/hooks/flows/orders-8d2k1')).toMatchObject({ status: 200 });
    if (state === 'frozen') wire.freeze();
    else await wire.cut();
    for (const path of ['/hooks/flows/orders-8d2k1', '/hooks/channels/channel_none']) {
      // By their words: who doesn't hear from a frozen one runs out of patience, long before the database's own time-outs strike.
      const detail = expect.stringContaining(state === 'frozen' ? 'did not answer in time' : 'could not reach the database');
      expect(await call('POST', path)).toMatchObject({ status: 503, body: { code: 'database.unavailable', detail } });
    }
    expect(await call('GET', '/api/health')).toMatchObject({ status: 503, body: { components: { database: { ok: false } } } });
    if (state === 'gone') return;
    wire.thaw();
    await expect.poll(async () => (await call('POST', '/hooks/flows/orders-8d2k1')).status).toBe(200);
  },
);

const call = (method: string, path: string) => callOnce(server.url, {}, method, path, method === 'GET' ? undefined : { order: 1 });

async function publishHook(): Promise<void> {
  const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: 'Hook' })).body;
  const at = { typeVersion: 1, position: { x: 0, y: 0 } };
  const nodes = [
    { ...at, id: 'start', type: 'webhook-trigger', name: 'Called', config: { path: 'orders-8d2k1' } },
    { ...at, id: 'end', type: 'end', name: 'End', config: {} },
  ];
  const edges = [{ id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'end' } }];
  await server.owner.call('PUT', `/api/flows/${id}/draft`, { file: { ...draft, nodes, edges }, revision: 1 });
  expect(await server.owner.call('POST', `/api/flows/${id}/publish`, {})).toMatchObject({ status: 200 });
}

async function startWire(): Promise<Wire> {
  const ends = new Set<Socket>();
  let target = new URL('postgres://127.0.0.1');
  let isFrozen = false;
  const wires: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      if (isFrozen) from.pause();
      from.on('data', (bytes) => void to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => wires.listen(0, '127.0.0.1', resolve));
  const { port } = wires.address() as AddressInfo; // it listens on TCP
  return {
    reach: (url) => {
      target = new URL(url);
      return Object.assign(new URL(url), { port: String(port) }).href;
    },
    freeze: () => {
      isFrozen = true;
      for (const end of ends) end.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const end of ends) end.resume();
    },
    cut: async () => {
      for (const end of ends) end.destroy();
      await new Promise<void>((resolve) => wires.close(() => resolve()));
    },
  };
}
