import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type pg from 'pg';
import type { DatabaseAccess } from './access.ts';
import { tlsOf } from './postgres-tls.ts';

const waitsMs = 2_000;
const cancelCode = 80_877_102;
const tlsCode = 80_877_103;

/**
 * Asks the server to stop what this client asked for, at the very address that was vetted for it; encrypted where the client is. It answers nothing.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function cancelPostgres(client: pg.Client, { access, address }: { access: DatabaseAccess; address: string }): Promise<void> {
  const [processId, secretKey] = [Reflect.get(client, 'processID'), Reflect.get(client, 'secretKey')].map(Number);
  if (!processId) return Promise.resolve();
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: access.port, timeout: waitsMs });
    const end = () => (socket.destroy(), resolve());
    socket
      .once('error', end)
      .once('timeout', end)
      .once('close', () => resolve());
    const ask = (way: Socket) => way.end(words(16, cancelCode, processId, secretKey ?? 0));
    socket.once('connect', () => {
      if (access.tls === 'off') return ask(socket);
      socket.write(words(8, tlsCode));
      return socket.once('data', (answer) => {
        if (answer.toString('latin1') !== 'S') return end();
        const secured = connectTls({ socket, ...tlsOf(access) });
        return secured.once('error', end).once('secureConnect', () => ask(secured));
      });
    });
  });
}

function words(...numbers: number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => buffer.writeInt32BE(number | 0, index * 4));
  return buffer;
}
