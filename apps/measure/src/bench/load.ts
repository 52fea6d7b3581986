import { setTimeout as pause } from 'node:timers/promises';
import { startCalledService } from './called-service.ts';
import { HttpLine } from './http-line.ts';

/** What the generator, a process of its own, is told by its parent. `body` holds `{n}` where the request's number goes. */
export interface LoadOrder {
  url: string;
  headers?: Record<string, string>;
  body: string;
  count: number;
  /** Number of the first request, so that no two are alike. */
  first: number;
  /** A closed loop: this many at a time. */
  concurrency?: number;
  /** An open loop: this many a second, however long the answers take. */
  perSecond?: number;
  /** What a good answer holds, with `{n}`. */
  expects: string;
}
export interface LoadResult {
  latenciesMs: number[];
  elapsedMs: number;
  failures: string[];
  /** POSTs that the called service saw, by request. */
  confirmations: number[];
  /** CPU time of the generator itself, the called service included. */
  cpuMs: number;
}

const service = await startCalledService();
const fill = (text: string, number: number): string => text.replace('{n}', `A-${number}`);

async function load(order: LoadOrder): Promise<LoadResult> {
  const result: LoadResult = { latenciesMs: [], elapsedMs: 0, failures: [], confirmations: [], cpuMs: 0 };
  const url = new URL(order.url);
  const idle: HttpLine[] = [];
  /** Latency counts from `since`: in an open loop from when the request was due, so that a stalled generator hides nothing. */
  const ask = async (number: number, since: number): Promise<void> => {
    const line = idle.pop() ?? (await HttpLine.open(url, order.headers));
    try {
      const { status, text } = await line.post(url.pathname, fill(order.body, number));
      if (status < 300 && text.includes(fill(order.expects, number))) result.latenciesMs.push(performance.now() - since);
      else result.failures.push(`${status} ${text.slice(0, 200)}`);
      idle.push(line);
    } catch (error) {
      result.failures.push(String(error));
      line.close();
    }
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await (order.perSecond === undefined ? closedLoop(order, ask) : openLoop(order, order.perSecond, ask));
  result.elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  result.cpuMs = (user + system) / 1_000;
  for (const line of idle) line.close();
  result.confirmations = Array.from({ length: order.count }, (_, index) => service.confirmations.get(`A-${order.first + index}`) ?? 0);
  return result;
}

type Ask = (number: number, since: number) => Promise<void>;

async function closedLoop({ first, count, concurrency = 1 }: LoadOrder, ask: Ask): Promise<void> {
  let next = first;
  const worker = async (): Promise<void> => {
    while (next < first + count) await ask(next++, performance.now());
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function openLoop({ first, count }: LoadOrder, perSecond: number, ask: Ask): Promise<void> {
  const startedAt = performance.now();
  const asked: Promise<void>[] = [];
  while (asked.length < count) {
    const due = startedAt + (asked.length * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    else asked.push(ask(first + asked.length, due));
  }
  await Promise.all(asked);
}

process.on('message', (order: LoadOrder) => {
  void load(order).then(
    (result) => process.send?.(result),
    (error: unknown) =>
      process.send?.({ latenciesMs: [], elapsedMs: 0, failures: [String(error)], confirmations: [], cpuMs: 0 } satisfies LoadResult),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: service.port });
