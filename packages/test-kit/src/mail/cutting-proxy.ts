import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  port: number;
  /** Connections that are open now. */
  open: () => number;
  /** Ends every connection at once, as a broken cable does. */
  cut: () => void;
  /** While true, new connections are ended at once. */
  refuse: (isRefused: boolean) => void;
  close: () => Promise<void>;
}

/** Stands between a client and a real server, so that connections can be lost at any moment. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let isRefused = false;
  const server = createServer((inner) => {
    if (isRefused) return void inner.destroy();
    const outer = connect(targetPort, '127.0.0.1');
    const pair: [Socket, Socket] = [inner, outer];
    pairs.add(pair);
    for (const [from, to] of [pair, [outer, inner] as const]) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const [inner, outer] of pairs) {
      inner.resetAndDestroy();
      outer.resetAndDestroy();
    }
  };
  return {
    // as: it listens on TCP.
    port: (server.address() as AddressInfo).port,
    open: () => pairs.size,
    cut,
    refuse: (refused) => {
      isRefused = refused;
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
