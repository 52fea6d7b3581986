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

/** Calls that are read and counted, but answered only after `release`: orders by path. */
export type Holds = Record<string, string[]>;

export interface TallyService {
  url: string;
  tally: () => Record<string, OrderTally>;
  close: () => Promise<void>;
}

const said = z.object({ order: z.string() });
const wanted = z.record(z.string(), z.array(z.string()));

interface Shop {
  orders: Map<string, OrderTally>;
  holds: Holds;
  held: (() => void)[];
}

function release(shop: Shop): void {
  shop.holds = {};
  for (const answer of shop.held.splice(0)) answer();
}

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
  const shop: Shop = { orders: new Map(), holds: {}, held: [] };
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    void readText(request).then(
      (body) => {
        const { order, ...answer } = answerTo(shop, request, body);
        if (order !== undefined && shop.holds[pathOf(request)]?.includes(order)) shop.held.push(() => reply(response, answer));
        else setTimeout(() => reply(response, answer), random() * slowMs);
      },
      () => undefined, // the caller was killed while it spoke: it said nothing
    );
  });
  const actualPort = await listen(server, '127.0.0.1', port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    tally: () => Object.fromEntries(shop.orders),
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface Answer {
  status: number;
  body: unknown;
  order?: string;
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://shop.test');
const pathOf = (request: IncomingMessage): string => urlOf(request).pathname;

function answerTo(shop: Shop, request: IncomingMessage, body: string): Answer {
  const { pathname, searchParams } = urlOf(request);
  if (pathname.startsWith('/_control/')) return control(shop, pathname.slice('/_control/'.length), body);
  if (request.method === 'GET' && pathname === '/orders')
    return { status: 200, body: { status: 'shipped' }, order: searchParams.get('order') ?? '' };
  if (request.method !== 'POST') return { status: 404, body: { error: 'unknown path' } };
  const { order } = said.parse(JSON.parse(body));
  const seen = shop.orders.get(order) ?? { notes: 0, payments: {} };
  shop.orders.set(order, seen);
  if (pathname === '/notes') return { status: 201, body: { note: `n-${order}-${(seen.notes += 1)}` }, order };
  const key = String(request.headers['idempotency-key'] ?? '');
  const payment = (seen.payments[key] ??= { times: 0, bodies: [] });
  payment.times += 1;
  if (!payment.bodies.includes(body)) payment.bodies.push(body);
  return { status: 201, body: { paid: order }, order };
}

/** What another process asks of the shop itself. */
function control(shop: Shop, name: string, body: string): Answer {
  if (name === 'hold') shop.holds = wanted.parse(JSON.parse(body));
  if (name === 'release') release(shop);
  return { status: 200, body: name === 'tally' ? Object.fromEntries(shop.orders) : { held: shop.held.length } };
}

function reply(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
