import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { HoldfastError } from '@holdfast/errors';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTarget } from './open-target.ts';
import type { TargetAccess } from './target.ts';

let database: TestDatabase;
let certificate: { private: string; cert: string };
const servers: Server[] = [];
const sockets = new Set<Socket>();
beforeAll(async () => {
  database = await testDatabase();
  certificate = await generate([{ name: 'commonName', value: 'db.example.com' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'db.example.com' }] }],
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await database.close();
});

const password = 'kelp-und-anker-7';
const accessOf = (given: Partial<TargetAccess> & Pick<TargetAccess, 'port'>): TargetAccess => {
  const url = new URL(database.url);
  return {
    kind: 'postgres',
    host: 'db.example.com',
    database: url.pathname.slice(1),
    schema: 'public',
    user: decodeURIComponent(url.username),
    tls: 'verify',
    password: decodeURIComponent(url.password) || password,
    certificates: certificate.cert,
    certificatesPassword: null,
    ...given,
  };
};
/** As egress judges: this machine and the one name are allowed, other private addresses are not. */
const vet = (host: string) =>
  host === '127.0.0.1' || host === 'db.example.com'
    ? Promise.resolve(['127.0.0.1'])
    : Promise.reject(new HoldfastError('egress.blocked', { detail: `${host} is a private address.` }));

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens on TCP
}
const secured = (socket: Socket): TLSSocket =>
  new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key: certificate.private, cert: certificate.cert }) }).on(
    'error',
    () => undefined,
  );

/** PostgreSQL with TLS before it: the embedded one has none. */
const tlsBeforePostgres = () =>
  listen((socket) => {
    socket.once('data', () => {
      socket.write('S');
      const plain = secured(socket);
      const { hostname, port } = new URL(database.url);
      const upstream = connect(Number(port), hostname);
      sockets.add(upstream.on('error', () => undefined).on('close', () => plain.destroy()));
      plain.on('close', () => upstream.destroy());
      plain.pipe(upstream).pipe(plain);
    });
  });

test('a server is verified against its name and the given certificate, though its vetted address is dialled', async () => {
  const port = await tlsBeforePostgres();
  const target = await openTarget(accessOf({ port }), vet);
  expect(await target.check()).toContain('at db.example.com answers');
  await target.close();
  const unknown = openTarget(accessOf({ port, certificates: null }), vet);
  await expect(unknown).rejects.toMatchObject({ code: 'mirror.target', message: expect.stringContaining('could not be verified') });
  const otherName = openTarget(accessOf({ port, host: '127.0.0.1' }), vet);
  await expect(otherName).rejects.toMatchObject({ code: 'mirror.target', message: expect.stringContaining('could not be verified') });
});

test('without encryption on the other side nothing is said to it; a wrong password is named, never shown', async () => {
  const { port } = new URL(database.url);
  const plain = openTarget(accessOf({ port: Number(port) }), vet);
  await expect(plain).rejects.toMatchObject({ code: 'mirror.target', message: expect.stringContaining('does not encrypt') });
  const thrown: unknown = await openTarget(accessOf({ port: Number(port), tls: 'off', password }), vet).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'mirror.target', message: expect.stringContaining('did not accept the user') });
  expect(JSON.stringify([thrown, String(thrown), (thrown as Error).cause])).not.toContain(password); // what else would it be
});

test('an address that may not be reached is not dialled, for either kind', async () => {
  for (const kind of ['postgres', 'oracle'] as const)
    await expect(openTarget(accessOf({ kind, host: '10.0.0.9', port: 1 }), vet)).rejects.toMatchObject({ code: 'egress.blocked' });
});

/** Oracle's network packets: length, type, then what the type says. */
function packet(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(8 + body.length, 0);
  head.writeUInt8(type, 4);
  return Buffer.concat([head, body]);
}
const refuse = (text: string) => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(text.length, 2);
  return packet(4, Buffer.concat([head, Buffer.from(text)]));
};
const redirect = (text: string) => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(text.length);
  return packet(5, Buffer.concat([head, Buffer.from(text)]));
};
/** Answers every session by TLS with the same packet, and keeps what it was asked for. */
async function oracleListener(answer: Buffer) {
  const asked: string[] = [];
  const port = await listen((socket) => {
    secured(socket).on('data', function (this: TLSSocket, data: Buffer) {
      asked.push(data.toString('latin1'));
      this.write(answer);
    });
  });
  return { port, asked };
}
const oracle = (port: number): TargetAccess =>
  accessOf({
    kind: 'oracle',
    port,
    database: 'shop_high.adb.example.com',
    user: 'MIRROR',
    password,
    certificates: certificate.private + certificate.cert,
  });

test('Oracle is spoken to by TLS through what was vetted, and its refusal is put in words', async () => {
  const { port, asked } = await oracleListener(refuse('(DESCRIPTION=(ERR=12514)(VSNNUM=0))'));
  await expect(openTarget(oracle(port), vet)).rejects.toMatchObject({
    code: 'mirror.target',
    message: expect.stringContaining('no service "shop_high.adb.example.com"'),
  });
  expect(asked.join('').toLowerCase()).toContain('service_name=shop_high.adb.example.com');
  await expect(openTarget({ ...oracle(port), certificates: null }, vet)).rejects.toMatchObject({
    message: expect.stringContaining('could not be verified'),
  });
});

test('a listener that sends on to a private address is not followed there', async () => {
  const { port } = await oracleListener(redirect('(ADDRESS=(PROTOCOL=tcps)(HOST=10.0.0.9)(PORT=1522))'));
  await expect(openTarget(oracle(port), vet)).rejects.toMatchObject({
    code: 'egress.blocked',
    message: expect.stringContaining('10.0.0.9'),
  });
});
