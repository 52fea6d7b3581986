import type { Socket } from 'node:net';
import { openWay, startProxy, type Desk, type FakeProxy, type ProxyFault, type ProxyOptions } from './proxy-desk.ts';

/** A SOCKS 5 server (RFC 1928, passwords by RFC 1929) that resolves names itself. */
export const startSocks5Proxy = (options: ProxyOptions = {}): Promise<FakeProxy> =>
  startProxy('socks5', options, (near, desk, fault) => void serve(near, desk, fault).catch(() => near.destroy()));

const replies = { granted: 0, notAllowed: 2, unreachable: 4, refused: 5, unknownCommand: 7 } as const;
const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);

async function serve(near: Socket, desk: Desk, fault: ProxyFault | null): Promise<void> {
  const read = createReader(near);
  const [, methods = 0] = await read(2);
  const offered = await read(methods);
  const wanted = desk.options.login ? 2 : 0;
  if (!offered.includes(wanted)) {
    desk.turnAway();
    near.end(Buffer.from([5, 0xff]));
    return;
  }
  near.write(Buffer.from([5, wanted]));
  const username = wanted === 2 ? await login(near, desk, read) : null;
  if (wanted === 2 && username === null) return;
  const [, command, , type = 0] = await read(4);
  const host = await readHost(read, type);
  const port = (await read(2)).readUInt16BE(0);
  desk.note({ host, port, username }, fault);
  if (command !== 1) return void near.end(reply(replies.unknownCommand));
  if (fault === 'hang') return;
  if (fault === 'cut-opening') return void near.destroy();
  if (fault === 'refuse') return void near.end(reply(replies.notAllowed));
  if (fault === 'unreachable') return void near.end(reply(replies.unreachable));
  read.stop();
  openWay({
    near,
    names: desk.options.names ?? {},
    host,
    port,
    fault,
    say: (outcome) => {
      if (outcome === 'open') near.write(reply(replies.granted));
      else near.end(reply(outcome === 'unknown' ? replies.unreachable : replies.refused));
    },
  });
}

/** The name of who may come in; null for everybody else, who was told so. */
async function login(near: Socket, desk: Desk, read: Reader): Promise<string | null> {
  const [, nameLength = 0] = await read(2);
  const username = (await read(nameLength)).toString();
  const [passwordLength = 0] = await read(1);
  const password = (await read(passwordLength)).toString();
  if (desk.isKnown(username, password)) {
    near.write(Buffer.from([1, 0]));
    return username;
  }
  desk.turnAway();
  near.end(Buffer.from([1, 1]));
  return null;
}

async function readHost(read: Reader, type: number): Promise<string> {
  if (type === 1) return (await read(4)).join('.');
  if (type === 3) return (await read((await read(1))[0] ?? 0)).toString();
  const bytes = await read(16);
  return Array.from({ length: 8 }, (_, part) => bytes.readUInt16BE(part * 2).toString(16)).join(':');
}

type Reader = ((bytes: number) => Promise<Buffer>) & { stop: () => void };

/** Exactly so many bytes, as they come; rejects when the caller leaves before. */
function createReader(socket: Socket): Reader {
  let held = Buffer.alloc(0);
  let waiting: { bytes: number; take: (found: Buffer) => void; leave: () => void } | null = null;
  const look = (): void => {
    if (!waiting || held.length < waiting.bytes) return;
    const { bytes, take } = waiting;
    waiting = null;
    const found = held.subarray(0, bytes);
    held = held.subarray(bytes);
    take(found);
  };
  const onData = (chunk: Buffer): void => {
    held = Buffer.concat([held, chunk]);
    look();
  };
  socket.on('data', onData);
  socket.on('close', () => waiting?.leave());
  const read = (bytes: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      waiting = { bytes, take: resolve, leave: () => reject(new Error('The caller left.')) };
      look();
    });
  return Object.assign(read, { stop: () => void socket.off('data', onData).pause() });
}
