import type { Brought } from './carry.ts';
import type { Earliest } from './earliest.ts';
import { customerOf, namesIn, type Heard, type Line } from './line.ts';
import { longestDebt, mostWithin } from './rates.ts';

export interface RepliesJudged {
  messages: number;
  replies: number;
  /** Messages that nothing answered. */
  lost: string[];
  /** Messages that more than one reply answered. */
  twice: string[];
  /** Replies that reached somebody else than who wrote. */
  astray: string[];
  /** Pairs of one conversation: the second was taken in before the first was sent, and answered after it. */
  outOfOrder: string[];
  mostInWindow: string;
  mostAheadOfPace: number;
  /** Of everything that the provider ever took. */
  isWithinLimits: boolean;
}

// A clock's and the network's share of one message.
const jitter = 0.2;

export function judgeReplies(
  line: Pick<Line, 'addressOf' | 'pace'>,
  heard: readonly Heard[],
  brought: ReadonlyMap<string, Brought>,
  earliest: Earliest,
): RepliesJudged {
  const answers = heard.flatMap(({ to, text }) => namesIn(text).map((name) => ({ to, name })));
  const names = answers.map(({ name }) => name).filter((name) => brought.has(name));
  const answered = new Set(names);
  const { perSecond, windowMs, everyMs, burst } = line.pace;
  const mostInWindow = mostWithin(windowMs, heard, earliest);
  const mostAheadOfPace = longestDebt(everyMs, heard, earliest);
  return {
    messages: brought.size,
    replies: heard.filter(({ text }) => namesIn(text).some((name) => brought.has(name))).length,
    lost: [...brought.keys()].filter((name) => !answered.has(name)),
    twice: [...new Set(names.filter((name, place) => names.indexOf(name) !== place))],
    astray: answers.filter(({ to, name }) => to !== line.addressOf(customerOf(name))).map(({ to, name }) => `${name} to ${to}`),
    outOfOrder: outOfOrder(names, brought),
    mostInWindow: `${mostInWindow} in ${windowMs / 1_000} s`,
    mostAheadOfPace,
    isWithinLimits: mostInWindow <= (perSecond * windowMs) / 1_000 && mostAheadOfPace <= burst + jitter,
  };
}

/** Two deliveries that were under way at the same time may be taken in either way; others stand in an order. */
function outOfOrder(names: readonly string[], brought: ReadonlyMap<string, Brought>): string[] {
  const talks = Object.values(Object.groupBy(names, customerOf));
  return talks.flatMap((talk = []) =>
    talk.flatMap((earlier, place) => {
      const { startedAt } = brought.get(earlier) ?? { startedAt: 0 };
      const overtaken = talk.slice(place + 1).find((later) => (brought.get(later)?.takenAt ?? Infinity) < startedAt);
      return overtaken === undefined ? [] : [`${earlier} before ${overtaken}`];
    }),
  );
}

export const isKept = ({ lost, twice, astray, outOfOrder: swapped, isWithinLimits }: RepliesJudged): boolean =>
  lost.length + twice.length + astray.length + swapped.length === 0 && isWithinLimits;
