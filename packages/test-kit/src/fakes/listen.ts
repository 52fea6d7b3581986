import type { Server } from 'node:net';

/** Listens on a free port (or the given one) of this machine and answers the port. */
export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

/** Resolves when the server has closed; its connections must be ended before. */
export const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
