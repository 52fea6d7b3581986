import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what Linux (32768), macOS and Windows (49152) give to connections and to whoever asks for any port: those would take it again at once. */
const first = 20_000;
const last = 32_000;
const tries = 200;

/** A TCP port on the loopback interface that nobody listens on now. Another program may take it before you do: retry. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = randomInt(first, last);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No port from ${first} to ${last} is free.`);
}

/** Whether `host:port` can be listened on. */
export const isPortFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
