import { observe } from '../observe.ts';
import { carry, type Brought } from './carry.ts';
import { isKept, judgeReplies, type RepliesJudged } from './judge-replies.ts';
import { customerOf, namesIn, type Heard, type Line } from './line.ts';
import { lettersOf, planBursts, type Volume } from './plan.ts';
import { untilQuiet } from './quiet.ts';
import { replyFlow } from './reply-flow.ts';
import type { Town } from './town.ts';

export interface BurstReport {
  seconds: number;
  channels: Record<string, RepliesJudged & BurstsJudged>;
  passed: boolean;
}

interface BurstsJudged {
  bursts: number;
  /** Came too slowly on the way to be one burst for the product; answered all the same. */
  tooSlow: number;
  /** Bursts that more than one reply answered. */
  apart: string[];
}

const burstMs = 1_500;
/** A message that comes as the window ends may be on either side of it. */
const edgeMs = 200;
/** Apart from the customers of the other parts. */
const firstCustomer = 300;

/** What was written within the window gets one reply together. */
export async function burstPart(
  { product, lines, stalls }: Town,
  options: { volume: Volume; copies: number; random: () => number; deadlineMs: number },
  say: (text: string) => void,
): Promise<BurstReport> {
  const startedAt = performance.now();
  const flow = await product.api.publish(replyFlow('Soak: one reply to a burst', `${burstMs}ms`));
  const letters = lines.map((line) => lettersOf(line.mark, options.volume, firstCustomer));
  const already = lines.reduce((sum, line) => sum + line.heard().length, 0);
  const brought = await Promise.all(
    lines.map((line, place) =>
      carry(
        line,
        planBursts(letters[place] ?? [], {
          everyMs: 300,
          withinMs: 500,
          copies: line.doublesAll ? 0 : options.copies,
          random: options.random,
        }),
      ),
    ),
  );
  await untilQuiet(product, lines, { replies: already + options.volume.customers * lines.length, deadlineMs: options.deadlineMs }, say);
  const receivedAt = await receivedTimes(product);
  const channels = lines.map((line, place) => {
    const took = brought[place] ?? new Map();
    return [
      line.kind,
      {
        ...judgeReplies(line, line.heard(), took, stalls.earliest),
        ...judgeBursts(line.heard(), [...took.keys()], takenBetween(line, took, receivedAt)),
      },
    ] as const;
  });
  await product.api.call('POST', `/api/flows/${flow}/pause`, { paused: true });
  return {
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    channels: Object.fromEntries(channels),
    passed: channels.every(([, one]) => isKept(one) && one.apart.length === 0) && channels.some(([, one]) => one.tooSlow < one.bursts),
  };
}

/** When the product had taken each message in: what it counts its window from. */
async function receivedTimes(product: Town['product']): Promise<Map<string, number>> {
  const rows = await observe<{ text: string; at: number }>(
    product,
    `select m.text, (extract(epoch from i.received_at) * 1000)::float8 as at from inbox i join messages m on m.id = i.message_id`,
  );
  return new Map(rows.flatMap(({ text, at }) => namesIn(text).map((name) => [name, at] as const)));
}

interface Taken {
  from: number;
  until: number;
}

/** Between these the product took it in. A webhook's caller is answered after that; how long a poller's commit took nobody sees. */
const takenBetween =
  (line: Line, took: ReadonlyMap<string, Brought>, receivedAt: ReadonlyMap<string, number>) =>
  (name: string): Taken => {
    const from = receivedAt.get(name) ?? Infinity;
    return { from, until: line.isOrdered ? from : Math.max(from, performance.timeOrigin + (took.get(name)?.takenAt ?? Infinity)) };
  };

function judgeBursts(heard: readonly Heard[], names: readonly string[], takenOf: (name: string) => Taken): BurstsJudged {
  const replies = heard.map(({ text }) => namesIn(text));
  const bursts = Object.values(Object.groupBy(names, customerOf)).map((burst = []) => burst);
  const isFast = (burst: string[]): boolean => {
    const taken = burst.map(takenOf).toSorted((a, b) => a.from - b.from);
    return taken.every(({ until }, place) => place === 0 || until - (taken[place - 1]?.from ?? 0) < burstMs - edgeMs);
  };
  const fast = bursts.filter(isFast);
  const isTogether = (burst: string[]): boolean => replies.filter((reply) => burst.some((name) => reply.includes(name))).length === 1;
  return {
    bursts: bursts.length,
    tooSlow: bursts.length - fast.length,
    apart: fast.filter((burst) => !isTogether(burst)).map((burst) => burst.join(' ')),
  };
}
