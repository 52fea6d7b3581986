import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createEgress, type Egress } from '@holdfast/egress';
import { startCanary, type Canary } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabases } from './create-databases.ts';

let egress: Egress;
let canary: Canary;
const servers: Server[] = [];
const sockets = new Set<Socket>();
beforeAll(async () => {
  egress = createEgress();
  canary = await startCanary();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await canary.close();
  await egress.close();
});

/** Oracle's network packets: length, type, then what the type says. */
function packet(type: number, text: string, head: Buffer): Buffer {
  const body = Buffer.concat([head, Buffer.from(text)]);
  const frame = Buffer.alloc(8);
  frame.writeUInt16BE(8 + body.length, 0);
  frame.writeUInt8(type, 4);
  return Buffer.concat([frame, body]);
}
const lengthOf = (text: string): Buffer => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(text.length);
  return head;
};

async function listener(answer: Buffer, splitAt?: number): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => {
      if (splitAt === undefined) return void socket.write(answer);
      socket.write(answer.subarray(0, splitAt));
      return void setImmediate(() => socket.write(answer.subarray(splitAt)));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens on TCP
}
const ask = async (port: number): Promise<unknown> => {
  const settings = { host: '127.0.0.1', port: String(port), database: 'ORCLPDB1', user: 'flows', tls: 'off', network: 'inside' };
  const databases = createDatabases(egress);
  const thrown: unknown = await databases
    .test({ credential: { kind: 'oracle', settings, secret: { password: 'kelp-und-anker-7' } } })
    .catch((error: unknown) => error);
  await databases.close();
  return thrown;
};

test.each([[undefined], [5], [11]])(
  'a listener that sends us elsewhere is not followed without encryption (cut at %s)',
  async (splitAt) => {
    const to = `(address=(protocol=tcp)(host=127.0.0.1)(port=${canary.port}))`;
    expect(await ask(await listener(packet(5, to, lengthOf(to)), splitAt))).toMatchObject({ code: 'egress.blocked' });
    expect(canary.touches).toBe(0);
  },
);

test('what a listener refuses comes through as it says it', async () => {
  const text = '(DESCRIPTION=(ERR=12514)(VSNNUM=0)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))';
  const refuse = packet(4, text, Buffer.concat([Buffer.alloc(2), lengthOf(text)]));
  expect(await ask(await listener(refuse))).toMatchObject({
    code: 'upstream.refused',
    detail: expect.stringContaining('no service "ORCLPDB1"'),
  });
});
