import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Product, parts } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import { readStack } from './read-stack.ts';
import { referenceFlow } from './reference-flow.ts';

/** `pnpm bench`: the reference flow on the embedded stack, as JSON on standard output. Progress goes to standard error. */
const runsAtOne = 200;
const runsAtFifty = 1_000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const generator = fork(join(import.meta.dirname, 'load.ts'));
const [{ ready: servicePort }] = (await once(generator, 'message')) as [{ ready: number }];
const target = `127.0.0.1:${servicePort}`;

const load = async (order: LoadOrder): Promise<LoadResult> => {
  generator.send(order);
  const [result] = (await once(generator, 'message')) as [LoadResult];
  if (result.failures.length) say(`${result.failures.length} of ${order.count} failed; the first: ${result.failures[0]}`);
  return result;
};

say('Starting Holdfast in a folder of its own …');
const product = await Product.start({ HOLDFAST_EGRESS_ALLOW: target });
try {
  await product.api.publish(referenceFlow('bench-reference', `http://${target}`));
  const url = `${product.url}/hooks/flows/bench-reference`;
  say('Warming up …');
  await load({ url, count: 100, concurrency: 10, first: 0 });

  say(`Concurrency 1, ${runsAtOne} runs …`);
  const one = await load({ url, count: runsAtOne, concurrency: 1, first: 1_000 });

  say(`Concurrency 50, ${runsAtFifty} runs …`);
  const before = await product.usage();
  const fifty = await load({ url, count: runsAtFifty, concurrency: 50, first: 10_000 });
  const after = await product.usage();

  const stack = await readStack(product);
  say('Starting a second time, for the start-up time …');
  await product.stop();
  await product.launch();

  process.stdout.write(
    `${JSON.stringify(
      {
        flow: 'webhook → set → condition → GET → set → POST → answer',
        machine: { cores: availableParallelism(), node: process.version },
        postgresql: stack.postgresql,
        concurrency1: {
          runs: one.latenciesMs.length,
          failed: one.failures.length,
          p50Ms: round(quantile(one.latenciesMs, 0.5)),
          p95Ms: round(quantile(one.latenciesMs, 0.95)),
        },
        concurrency50: {
          runs: fifty.latenciesMs.length,
          failed: fifty.failures.length,
          runsPerSecond: round((fifty.latenciesMs.length / fifty.elapsedMs) * 1_000),
          p50Ms: round(quantile(fifty.latenciesMs, 0.5)),
          p95Ms: round(quantile(fifty.latenciesMs, 0.95)),
          p99Ms: round(quantile(fifty.latenciesMs, 0.99)),
          maxMs: round(quantile(fifty.latenciesMs, 1)),
        },
        postsOtherThanOnce: [...one.confirmations, ...fifty.confirmations].filter((count) => count !== 1).length,
        perRun: Object.fromEntries(
          parts.map((part) => [part, { cpuMs: round((after[part].cpuMs - before[part].cpuMs) / fifty.latenciesMs.length, 2) }]),
        ),
        memoryMb: Object.fromEntries(parts.map((part) => [part, Math.round(after[part].memoryBytes / 1_048_576)])),
        historyEventsPerRun: stack.historyEventsPerRun,
        secondStartMs: product.startUpMs,
      },
      null,
      2,
    )}\n`,
  );
} finally {
  generator.disconnect();
  await product.remove();
}
