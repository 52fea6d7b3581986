import { createServer, type Socket } from 'node:net';
import { closed, listen } from './listen.ts';

/** A listener that nobody may touch: it judges whether a guard held. */
export interface Canary {
  host: string;
  port: number;
  url: string;
  /** Connections so far, whether or not they said anything. */
  readonly touches: number;
  /** Everything that was ever said to it. */
  readonly heard: string;
  close: () => Promise<void>;
}

export async function startCanary(host = '127.0.0.1'): Promise<Canary> {
  const sockets = new Set<Socket>();
  let touches = 0;
  let heard = '';
  const server = createServer((socket) => {
    touches += 1;
    sockets.add(socket);
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server, host);
  return {
    host,
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    get touches() {
      return touches;
    },
    get heard() {
      return heard;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}
