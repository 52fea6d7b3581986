import { createRandom } from '@holdfast/test-kit/fakes';
import type { Services } from '../../product/split-product.ts';
import { burstPart, type BurstReport } from './burst-part.ts';
import type { ChannelSoakOptions } from './channel-options.ts';
import { cutPart, type CutReport } from './cut-part.ts';
import { repliesPart, type RepliesReport } from './replies-part.ts';
import { openTown } from './town.ts';

export interface ChannelSoakReport {
  seed: number;
  replies: RepliesReport;
  bursts: BurstReport;
  cuts: CutReport;
  seconds: number;
  passed: boolean;
}

/**
 * Customers of four providers write to a server with two workers: deliveries late, overtaken and doubled, statuses backwards; then bursts; then
 * providers that take each message and cut the answer off. The providers are the witnesses.
 */
export async function channelSoak(
  services: Services,
  options: ChannelSoakOptions,
  say: (text: string) => void,
): Promise<ChannelSoakReport> {
  const startedAt = performance.now();
  const random = createRandom(options.seed);
  const town = await openTown(services, options.seed);
  try {
    const common = { copies: 0.2, random, deadlineMs: options.deadlineMs };
    const replies = await repliesPart(town, { ...common, ...options.replies }, say);
    say('Now bursts …');
    const bursts = await burstPart(town, { ...common, volume: options.bursts }, say);
    say('Now answers are cut off …');
    const cuts = await cutPart(town, { ...common, perChannel: options.cutsPerChannel }, say);
    return {
      seed: options.seed,
      replies,
      bursts,
      cuts,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      passed: replies.passed && bursts.passed && cuts.passed,
    };
  } finally {
    await town.close();
  }
}
