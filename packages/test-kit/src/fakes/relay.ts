import { connect, createServer, type Socket } from 'node:net';
import { closed, listen } from './listen.ts';

/** A link between a process and a service that can be cut, as by a failover or a broken network; the service itself stays up. */
export interface Relay {
  port: number;
  /** Ends all connections and takes no new ones. */
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
}

export async function startRelay({ host = '127.0.0.1', port }: { host?: string; port: number }): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket, other: () => Socket | null) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other()?.destroy();
    });
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, host);
    keep(near, () => far);
    keep(far, () => near);
    near.pipe(far).pipe(near);
  });
  const actualPort = await listen(server);
  const end = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: actualPort,
    cut: () => {
      isCut = true;
      end();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      end();
      await closed(server);
    },
  };
}
