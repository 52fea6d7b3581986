import { observe } from '../observe.ts';
import { carry, type Brought } from './carry.ts';
import { earliestArrivals } from './earliest.ts';
import { isKept, judgeReplies, type RepliesJudged } from './judge-replies.ts';
import { customerOf, namesIn, type Line } from './line.ts';
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
  /** Answered by one reply; a burst that the way there stretched may get several. */
  together: number;
  /** Replies that did not wait for the whole window. */
  early: string[];
  /** Messages that were there in time and are not in the reply. */
  leftOut: string[];
}

const burstMs = 1_500;
/** However slowly a customer goes on, the product answers what came in so long. */
const longestMs = 10_000;
/** The database's times are read as fractions of a millisecond. */
const roundingMs = 20;
/** This process's clock runs beside the machine's. */
const clocksMs = 250;
/** Apart from the customers of the other parts. */
const firstCustomer = 300;

/** What was written within the window gets one reply together. */
export async function burstPart(
  { product, lines }: Town,
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
  const [earliest, times] = [await earliestArrivals(product), await timesOf(product)];
  const channels = lines.map((line, place) => {
    const took = brought[place] ?? new Map();
    return [line.kind, { ...judgeReplies(line, line.heard(), took, earliest), ...judgeBursts(line, took, times) }] as const;
  });
  await product.api.call('POST', `/api/flows/${flow}/pause`, { paused: true });
  return {
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    channels: Object.fromEntries(channels),
    passed: channels.every(([, one]) => isKept(one) && one.early.length === 0 && one.leftOut.length === 0),
  };
}

/** By the database's clock, so that it does not matter who stood still when. */
interface Times {
  /** When the product had taken each message in: what it counts its window from. */
  received: Map<string, number>;
  /** When each reply's messages were claimed. */
  replies: { names: string[]; claimedAt: number }[];
}

async function timesOf(product: Town['product']): Promise<Times> {
  const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
  const received = await observe<{ text: string; at: number }>(
    product,
    `select m.text, ${ms('i.received_at')} as at from inbox i join messages m on m.id = i.message_id`,
  );
  const replies = await observe<{ text: string; at: number }>(
    product,
    `select m.text, ${ms('r.started_at')} as at from effects e join messages m on m.id = e.message_id join runs r on r.id = e.run_id where e.kind = 'send'`,
  );
  return {
    received: new Map(received.flatMap(({ text, at }) => namesIn(text).map((name) => [name, at] as const))),
    replies: replies.map(({ text, at }) => ({ names: namesIn(text), claimedAt: at })),
  };
}

const readyAt = (times: readonly number[]): number => Math.min(Math.max(...times) + burstMs, Math.min(...times) + longestMs);

function judgeBursts(line: Pick<Line, 'isOrdered'>, took: ReadonlyMap<string, Brought>, { received, replies }: Times): BurstsJudged {
  const bursts = Object.values(Object.groupBy(took.keys(), customerOf)).map((burst = []) => burst);
  const receivedAt = (name: string): number => received.get(name) ?? Infinity;
  // A webhook's caller is answered when its message is committed. How long a poller's commit took nobody sees, but not longer than the next message's.
  const committedAt = (name: string): number =>
    line.isOrdered
      ? receivedAt(name) + burstMs
      : Math.max(receivedAt(name), performance.timeOrigin + (took.get(name)?.takenAt ?? Infinity));
  const answersTo = (burst: string[]) => replies.filter(({ names }) => names.some((name) => burst.includes(name)));
  return {
    bursts: bursts.length,
    together: bursts.filter((burst) => answersTo(burst).length === 1).length,
    early: bursts
      .flatMap(answersTo)
      .filter(({ names, claimedAt }) => claimedAt < readyAt(names.map(receivedAt)) - roundingMs)
      .map(({ names }) => names.join(' ')),
    leftOut: bursts.flatMap((burst) =>
      answersTo(burst).flatMap(({ names, claimedAt }) => {
        const before = answersTo(burst).flatMap((other) => (other.claimedAt < claimedAt ? other.names : []));
        return burst.filter((name) => !names.includes(name) && !before.includes(name) && committedAt(name) < claimedAt - clocksMs);
      }),
    ),
  };
}
