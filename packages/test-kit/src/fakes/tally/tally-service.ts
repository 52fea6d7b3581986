import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { createRandom } from '../telegram/random.ts';

/** What a service saw of one order: the witness of what happened how often. */
export interface OrderTally {
  /** POST /notes: not idempotent, so each one counts. */
  notes: number;
  /** POST /payments by its idempotency key: how often it came, and the bodies it came with. */
  payments: Record<string, { times: number; bodies: string[] }>;
}

export interface TallyService {
  url: string;
  tally: () => Record<string, OrderTally>;
  close: () => Promise<void>;
}

const said = z.object({ order: z.string() });

/**
 * A shop on a real socket that counts by key and body: `GET /orders?order=`, `POST /notes` (what comes twice happens twice),
 * `POST /payments` (idempotent under `Idempotency-Key`). Each answer takes up to `slowMs`, so that some calls are always in flight.
 */
export async function startTallyService({
  port = 0,
  seed = 1,
  slowMs = 0,
}: { port?: number; seed?: number; slowMs?: number } = {}): Promise<TallyService> {
  const random = createRandom(seed);
  const orders = new Map<string, OrderTally>();
  const server = createServer({ keepAliveTimeout: 10_000 }, (request, response) => {
    void readText(request).then(
      (body) => {
        const answer = answerTo(orders, request, body);
        setTimeout(() => reply(response, answer), random() * slowMs);
      },
      () => undefined, // the caller was killed while it spoke: it said nothing
    );
  });
  const actualPort = await listen(server, '127.0.0.1', port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    tally: () => Object.fromEntries(orders),
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

function answerTo(orders: Map<string, OrderTally>, request: IncomingMessage, body: string): { status: number; body: unknown } {
  const url = new URL(request.url ?? '/', 'http://shop.test');
  if (url.pathname === '/_control/tally') return { status: 200, body: Object.fromEntries(orders) };
  if (request.method === 'GET' && url.pathname === '/orders') return { status: 200, body: { status: 'shipped' } };
  if (request.method !== 'POST') return { status: 404, body: { error: 'unknown path' } };
  const { order } = said.parse(JSON.parse(body));
  const seen = orders.get(order) ?? { notes: 0, payments: {} };
  orders.set(order, seen);
  if (url.pathname === '/notes') return { status: 201, body: { note: `n-${order}-${(seen.notes += 1)}` } };
  const key = String(request.headers['idempotency-key'] ?? '');
  const payment = (seen.payments[key] ??= { times: 0, bodies: [] });
  payment.times += 1;
  if (!payment.bodies.includes(body)) payment.bodies.push(body);
  return { status: 201, body: { paid: order } };
}

function reply(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
