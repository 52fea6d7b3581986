import { createServer, type AddressInfo, type Socket } from 'node:net';
import { HoldfastError, say } from '@holdfast/errors';
import type { DatabaseAccess } from './access.ts';
import type { Dial } from './dial.ts';
import type { Tunnel } from './vetted-tunnel.ts';

const redirectPacket = 5;
const acceptPacket = 2;

/**
 * The way to an Oracle server that does not encrypt: a port of this machine, from which this server alone is dialled. The listener may not send the
 * driver elsewhere, for it would dial that by itself: such an answer ends the connection.
 */
export async function openVettedRelay({ host, port }: Pick<DatabaseAccess, 'host' | 'port'>, dial: Dial): Promise<Tunnel> {
  const open = new Set<Socket>();
  let failure: unknown = null;
  const server = createServer((client) => {
    open.add(client.on('error', () => client.destroy()).on('close', () => open.delete(client)));
    dial(host, port).then(
      (upstream) => {
        open.add(upstream.on('error', () => client.destroy()).on('close', () => open.delete(upstream) && client.destroy()));
        client.on('close', () => upstream.destroy());
        client.pipe(upstream);
        watchFor(upstream, client, () => {
          failure = sentElsewhere(host);
          client.destroy();
        });
      },
      (error: unknown) => {
        failure = error;
        client.destroy();
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    failure: () => failure,
    seal: () => server.close(),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Passes on packet by packet until the session is accepted: after that nothing can send it elsewhere. Each begins with its length, its type is the fifth byte. */
function watchFor(upstream: Socket, client: Socket, onRedirect: () => void): void {
  let held = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 8) {
      const length = held.readUInt16BE(0);
      const type = held.readUInt8(4);
      if (type === redirectPacket || length < 8) return onRedirect();
      if (type === acceptPacket) {
        upstream.removeListener('data', read);
        client.write(held);
        return void upstream.pipe(client);
      }
      if (held.length < length) return undefined;
      client.write(held.subarray(0, length));
      held = held.subarray(length);
    }
    return undefined;
  };
  upstream.on('data', read);
}

const sentElsewhere = (host: string): HoldfastError =>
  new HoldfastError('egress.blocked', {
    detail: say`${host} sends us on to another server, which is not followed without encryption. Nothing was asked.`,
    hint: 'Connect with TLS, where each server that it names is checked; or give the address of that other server.',
  });
