import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type pg from 'pg';
import type { DatabaseAccess } from './access.ts';
import type { Door } from './open-postgres.ts';
import { tlsOf } from './postgres-tls.ts';

const waitsMs = 2_000;
const cancelCode = 80_877_102;
const tlsCode = 80_877_103;

/**
 * Asks the server to stop what this client asked for, at the very address that was vetted for it, or by the same way; encrypted where the client is. It answers
 * nothing.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function cancelPostgres(client: pg.Client, { access, door }: { access: DatabaseAccess; door: Door }): Promise<void> {
  const [processId, secretKey] = [Reflect.get(client, 'processID'), Reflect.get(client, 'secretKey')].map(Number);
  if (!processId) return;
  const socket = door.dial ? await door.dial() : connect({ host: door.host, port: access.port });
  await new Promise<void>((resolve) => {
    const end = () => (socket.destroy(), resolve());
    socket
      .setTimeout(waitsMs)
      .once('error', end)
      .once('timeout', end)
      .once('close', () => resolve());
    const ask = (way: Socket) => way.end(words(16, cancelCode, processId, secretKey ?? 0));
    const begin = () => {
      if (access.tls === 'off') return ask(socket);
      socket.write(words(8, tlsCode));
      return socket.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return end();
        const secured = connectTls({ socket, ...tlsOf(access) });
        return secured.once('error', end).once('secureConnect', () => ask(secured));
      });
    };
    if (socket.connecting) socket.once('connect', begin);
    else begin();
  });
}

function words(...numbers: number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => buffer.writeInt32BE(number | 0, index * 4));
  return buffer;
}
