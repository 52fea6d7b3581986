import type { Product } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';
import type { Generator } from './generator.ts';
import { referenceFlow } from './reference-flow.ts';

const perSecond = 200;
const seconds = 15;

/** How fast a webhook is acknowledged ("received", after its commit) at 200 a second, whatever its run is doing: an open loop. */
export async function measureAcks(product: Product, generator: Generator, first: number) {
  const path = 'bench-acks';
  await product.api.publish(referenceFlow({ path, target: `http://${generator.target}`, lane: 'express', respond: 'now' }));
  const order = { url: `${product.url}/hooks/flows/${path}`, body: '{"order":"{n}","total":42.5}', expects: '"received"', perSecond };
  await generator.load({ ...order, count: perSecond * 2, first });
  const { latenciesMs, failures } = await generator.load({ ...order, count: perSecond * seconds, first: first + 10_000 });
  return {
    offeredPerSecond: perSecond,
    seconds,
    failed: failures.length,
    p50Ms: round(quantile(latenciesMs, 0.5)),
    p99Ms: round(quantile(latenciesMs, 0.99)),
    maxMs: round(quantile(latenciesMs, 1)),
  };
}
