import type { Product } from '../product/product.ts';
import { parts } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';
import type { Generator } from './generator.ts';
import { referenceFlow, type Lane } from './reference-flow.ts';

const runsAtOne = 200;
const runsAtFifty = { express: 4_000, temporal: 1_000 } as const;

/** The reference flow in one lane: latency of one caller, throughput of fifty, and what a run costs each process. */
export async function measureRuns(
  product: Product,
  generator: Generator,
  { lane, first, say }: { lane: Lane; first: number; say: (text: string) => void },
) {
  const path = `bench-${lane}`;
  await product.api.publish(referenceFlow({ path, target: `http://${generator.target}`, lane }));
  const load = (count: number, concurrency: number, from: number) =>
    generator.load({
      url: `${product.url}/hooks/flows/${path}`,
      body: '{"order":"{n}","total":42.5}',
      expects: 'c-{n}',
      count,
      concurrency,
      first: first + from,
    });
  say(`${lane}: warming up …`);
  await load(200, 10, 0);
  say(`${lane}: concurrency 1, ${runsAtOne} runs …`);
  const one = await load(runsAtOne, 1, 1_000);
  const count = runsAtFifty[lane];
  say(`${lane}: concurrency 50, ${count} runs …`);
  const before = await product.usage();
  const fifty = await load(count, 50, 10_000);
  const after = await product.usage();
  return {
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
    postsOtherThanOnce: [...one.confirmations, ...fifty.confirmations].filter((seen) => seen !== 1).length,
    cpuMsPerRun: {
      ...Object.fromEntries(parts.map((part) => [part, round((after[part].cpuMs - before[part].cpuMs) / count, 2)])),
      generator: round(fifty.cpuMs / count, 2),
    },
    memoryMb: Object.fromEntries(parts.map((part) => [part, Math.round(after[part].memoryBytes / 1_048_576)])),
  };
}
