import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, request } from 'undici';

/**
 * The load generator, a process of its own, and the service that the flow calls. Told what to do by its parent:
 * `{ url, count, concurrency, first }` → `{ latenciesMs, elapsedMs, failures, confirmations }`.
 */
export interface LoadOrder {
  url: string;
  count: number;
  concurrency: number;
  /** Number of the first order, so that no two are alike. */
  first: number;
}
export interface LoadResult {
  latenciesMs: number[];
  elapsedMs: number;
  failures: string[];
  /** POSTs that the called service saw, by order: each must be 1. */
  confirmations: number[];
}

const confirmed = new Map<string, number>();

const service = createServer((incoming, answer) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    answer.setHeader('content-type', 'application/json');
    if (incoming.method === 'GET') return void answer.end(JSON.stringify({ status: 'shipped' }));
    // as: what our own reference flow sends.
    const { order } = JSON.parse(Buffer.concat(chunks).toString()) as { order: string };
    confirmed.set(order, (confirmed.get(order) ?? 0) + 1);
    answer.end(JSON.stringify({ id: `c-${order}` }));
  });
});

async function load({ url, count, concurrency, first }: LoadOrder): Promise<LoadResult> {
  const dispatcher = new Agent({ connections: concurrency, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  let next = first;
  const worker = async (): Promise<void> => {
    while (next < first + count) {
      const order = `A-${next++}`;
      const startedAt = performance.now();
      const { statusCode, body } = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ order, total: 42.5 }),
      });
      const text = await body.text();
      if (statusCode === 200 && text.includes(`c-${order}`)) latenciesMs.push(performance.now() - startedAt);
      else failures.push(`${statusCode} ${text.slice(0, 200)}`);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const elapsedMs = performance.now() - startedAt;
  await dispatcher.close();
  const confirmations = Array.from({ length: count }, (_, index) => confirmed.get(`A-${first + index}`) ?? 0);
  return { latenciesMs, elapsedMs, failures, confirmations };
}

service.listen(0, '127.0.0.1');
await once(service, 'listening');
const address = service.address();
process.send?.({ ready: typeof address === 'object' ? address?.port : null });
process.on('message', (order: LoadOrder) => {
  void load(order).then(
    (result) => process.send?.(result),
    (error: unknown) =>
      process.send?.({ latenciesMs: [], elapsedMs: 0, failures: [String(error)], confirmations: [] } satisfies LoadResult),
  );
});
process.on('disconnect', () => process.exit(0));
