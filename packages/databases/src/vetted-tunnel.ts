import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Vet } from './access.ts';
import type { Dial } from './dial.ts';

export interface Tunnel {
  port: number;
  /** Why the latest address could not be dialled, if so: the driver only hears that it could not. */
  failure: () => unknown;
  /** Takes no further connections; those that are open stay. */
  seal: () => void;
  close: () => void;
}

const connectMs = 10_000;

/**
 * A proxy (CONNECT) on this machine for a driver that dials by itself, and again wherever a listener sends it: every address it asks for is vetted, and
 * exactly what was vetted is dialled. TLS goes through from end to end, so certificates are checked against the name.
 */
export const openVettedTunnel = (vet: Vet): Promise<Tunnel> => openTunnel(async (host, port) => dialVetted(await vet(host, port), port));

/** The same by a way of its own. */
export async function openTunnel(dial: Dial): Promise<Tunnel> {
  const open = new Set<Duplex>();
  let failure: unknown = null;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client) => {
    open.add(client);
    client.on('error', () => client.destroy()).on('close', () => open.delete(client));
    dialNamed(request.url ?? '', dial).then(
      (upstream) => {
        failure = null;
        open.add(upstream);
        upstream.on('error', () => client.destroy()).on('close', () => open.delete(upstream) && client.destroy());
        client.on('close', () => upstream.destroy());
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      },
      (error: unknown) => {
        failure = error;
        client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    port,
    failure: () => failure,
    seal: () => server.close(),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function dialNamed(target: string, dial: Dial): Promise<Socket> {
  const { hostname, port } = new URL(`tcp://${target}`);
  return dial(hostname.replace(/^\[|\]$/g, ''), Number(port));
}

/** The first of these addresses that answers. */
export async function dialVetted(addresses: readonly string[], port: number): Promise<Socket> {
  let last: unknown;
  for (const address of addresses.slice(0, 3)) {
    try {
      return await dialOne(address, port);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

const dialOne = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs, keepAlive: true });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('error', fail).once('timeout', () => fail(Object.assign(new Error('It took too long.'), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => {
      socket.removeListener('error', fail).removeAllListeners('timeout').setTimeout(0);
      resolve(socket);
    });
  });
