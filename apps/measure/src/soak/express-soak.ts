import { createRandom, forkTallyService } from '@holdfast/test-kit/fakes';
import { Product } from '../product/product.ts';
import { createCaller, type Order } from './caller.ts';
import { expressFlow } from './express-flow.ts';
import { hitAll, type HitReport } from './hits.ts';
import { judge, type Judgement } from './judge.ts';
import type { ExpressSoakOptions } from './options.ts';
import { settled } from './settled.ts';

export interface ExpressSoakReport extends Judgement {
  seed: number;
  hits: HitReport['hits'];
  /** Calls that were under way when something was hit: no more than these may end ambiguous. */
  inFlightAtHits: number;
  runs: number;
  unanswered: number;
  unheard: string[];
  /** Callers that wanted the result on the line and never got it: no line outlives the process that holds it. Their runs are judged like all others. */
  cutOff: number;
  seconds: number;
  passed: boolean;
}

/**
 * Callers call webhooks while the process that executes is killed and frozen, PostgreSQL restarted and Temporal taken away; then
 * everything must settle by itself. The service that the runs call is the witness of what happened how often.
 */
export async function expressSoak(options: ExpressSoakOptions, say: (text: string) => void): Promise<ExpressSoakReport> {
  const startedAt = performance.now();
  const shop = await forkTallyService({ seed: options.seed, slowMs: 150 });
  const product = await Product.start({ HOLDFAST_EGRESS_ALLOW: new URL(shop.url).host });
  const caller = createCaller();
  try {
    await product.api.pauseAllFlows();
    for (const [path, respond] of [
      ['soak-now', 'now'],
      ['soak-result', 'result'],
    ] as const)
      await product.api.publish(expressFlow({ path, respond, shop: shop.url }));
    const calling = caller.callAll(ordersOf(product, options));
    const { hits, struck } = await hitAll(product, options, say);
    await calling;
    say('Every call was answered and all hits are done; waiting until everything has settled …');
    await product.healthy(180_000);
    await settled(product, say);
    const judgement = await judge(product, { acknowledged: caller.acknowledged, seen: await shop.tally() });
    const inFlightAtHits = await struck.count();
    return {
      seed: options.seed,
      runs: options.runs,
      hits,
      inFlightAtHits,
      ...judgement,
      unanswered: caller.unanswered,
      unheard: caller.unheard,
      cutOff: caller.cutOff.length,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      passed: caller.unheard.length === 0 && isKept(judgement, inFlightAtHits),
    };
  } finally {
    await product.remove();
    await shop.close();
  }
}

/** Spread over the time that the hits take; half wait for the result, one in five runs waits some seconds. */
function ordersOf(product: Product, { seed, runs, appKills, postgresRestarts, hitEveryMs, frozenMs }: ExpressSoakOptions): Order[] {
  const random = createRandom(seed + 2);
  // A process that was killed needs about three seconds until it executes again.
  const lastMs = (appKills + postgresRestarts + 2) * (hitEveryMs + 3_000) + frozenMs;
  return Array.from({ length: runs }, (_, index) => {
    const wantsResult = random() >= 0.5;
    return {
      name: `A-${String(index).padStart(5, '0')}`,
      url: `${product.url}/hooks/flows/${wantsResult ? 'soak-result' : 'soak-now'}`,
      wantsResult,
      waits: random() < 0.2,
      atMs: (lastMs * index) / runs,
    };
  });
}

const isKept = (judgement: Judgement, inFlightAtHits: number): boolean =>
  judgement.lost.length === 0 &&
  judgement.open.length === 0 &&
  judgement.acceptedTwice.length === 0 &&
  judgement.undone.length === 0 &&
  judgement.wrongAnswers.length === 0 &&
  judgement.withoutCause === 0 &&
  judgement.ambiguous <= inFlightAtHits;
