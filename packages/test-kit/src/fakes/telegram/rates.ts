import type { Accepted } from './bot.ts';

/** The most that was taken within any second (and any minute per group), by the fake's own clock. */
export interface Rates {
  total: number;
  maxPerSecond: number;
  maxPerSecondPerChat: number;
  maxPerMinutePerChat: number;
}

export function rates(accepted: readonly Accepted[]): Rates {
  const perChat = Object.values(Object.groupBy(accepted, ({ chat }) => chat)).map((sent) => (sent ?? []).map(({ at }) => at));
  const times = accepted.map(({ at }) => at);
  return {
    total: accepted.length,
    maxPerSecond: densest(times, 1_000),
    maxPerSecondPerChat: Math.max(0, ...perChat.map((sent) => densest(sent, 1_000))),
    maxPerMinutePerChat: Math.max(0, ...perChat.map((sent) => densest(sent, 60_000))),
  };
}

function densest(times: number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  const sorted = times.toSorted((a, b) => a - b);
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
