import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { demoOrders, type DemoOrder } from './orders.ts';

export interface DemoService {
  /** `http://127.0.0.1:<port>`, the value of the variable `demo_orders_url`. */
  url: string;
  port: number;
  stop: () => Promise<void>;
}

interface Answer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

const longestBody = 64 * 1024;
const dayMs = 86_400_000;

const present = ({ id, status, items, carrier, arrivesInDays }: DemoOrder, today: Date) => ({
  id,
  status,
  items,
  carrier,
  arrives: arrivesInDays === null ? null : new Date(today.getTime() + arrivesInDays * dayMs).toISOString().slice(0, 10),
});

/** Answers from memory: `GET /orders`, `GET /orders/:id`, `POST /orders`, `GET /report`. */
function createShop(now: () => Date) {
  const stumbled = new Map<string, number>();
  const taken = new Map<string, object>();
  let confirmed = 0;

  const order = (id: string): Answer => {
    const found = demoOrders.find((item) => item.id === id.toUpperCase());
    if (!found) return { status: 404, body: { error: 'unknown order', id } };
    const before = stumbled.get(found.id) ?? 0;
    if (before < found.stumbles) {
      stumbled.set(found.id, before + 1);
      return { status: 503, body: { error: 'The order system is busy. Ask again in a second.' }, headers: { 'retry-after': '1' } };
    }
    stumbled.delete(found.id);
    return { status: 200, body: present(found, now()) };
  };

  /** The same idempotency key gets the same confirmation, as a good service does. */
  const confirm = (key: string, text: string): Answer => {
    const known = taken.get(key);
    if (known) return { status: 200, body: known };
    const given = parseObject(text);
    if (!given) return { status: 400, body: { error: 'Send a JSON object.' } };
    confirmed += 1;
    const confirmation = { id: `B-${2000 + confirmed}`, status: 'received', order: given };
    if (taken.size >= 1_000) taken.clear(); // a demo forgets rather than grows
    taken.set(key === '' ? confirmation.id : key, confirmation);
    return { status: 201, body: confirmation };
  };

  const report = (): Answer => ({
    status: 200,
    body: {
      day: now().toISOString().slice(0, 10),
      orders: demoOrders.length,
      shipped: demoOrders.filter((item) => item.status === 'shipped').length,
      delayed: demoOrders.filter((item) => item.status === 'delayed').map((item) => item.id),
    },
  });

  return {
    order,
    confirm,
    report,
    list: (): Answer => ({ status: 200, body: { orders: demoOrders.map((item) => present(item, now())) } }),
  };
}

function parseObject(text: string): object | null {
  try {
    const given: unknown = JSON.parse(text);
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? given : null;
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestBody) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

async function answer(shop: ReturnType<typeof createShop>, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request);
  if (body === null) return { status: 413, body: { error: 'This is too large.' } };
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const one = /^\/orders\/([^/]{1,100})$/.exec(path)?.[1];
  if (request.method === 'GET' && path === '/orders') return shop.list();
  if (request.method === 'GET' && path === '/report') return shop.report();
  if (request.method === 'GET' && one !== undefined) return shop.order(decode(one));
  if (request.method === 'POST' && path === '/orders') return shop.confirm(String(request.headers['idempotency-key'] ?? ''), body);
  return { status: 404, body: { error: 'Nothing is here. Try /orders/A-1001.' } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

/** The little order service behind the sample bot, on this machine only. A port that is taken gives way to a free one. */
export async function startDemoService({
  port = 0,
  now = () => new Date(),
}: { port?: number; now?: () => Date } = {}): Promise<DemoService> {
  const shop = createShop(now);
  const server = createServer((request, response) => {
    answer(shop, request).then(
      (given) => write(response, given),
      () => response.destroy(),
    );
  });
  await listen(server, port).catch(async (error: unknown) => {
    if (port === 0) throw error;
    await listen(server, 0);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The demo service listens on no port.');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
