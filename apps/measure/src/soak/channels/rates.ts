import type { Earliest } from './earliest.ts';
import type { Heard } from './line.ts';

/** The most that certainly came within any time so long, whenever between `earliest` and its stamp each one came. */
export function mostWithin(windowMs: number, heard: readonly Heard[], earliest: Earliest): number {
  const all = heard.map((one) => ({ from: earliest(one), to: one.at }));
  // From each one's last moment on: who may have come before this window began, or after it ended, is not counted.
  const within = all.map(({ to }) => all.filter((other) => other.to <= to && to - other.from < windowMs).length);
  return Math.max(0, ...within);
}

/** How many messages ahead of one in `everyMs` any recipient certainly was. */
export function longestDebt(everyMs: number, heard: readonly Heard[], earliest: Earliest): number {
  const longest = Object.values(Object.groupBy(heard, ({ to }) => to)).map((sent = []) => {
    let free = 0;
    return Math.max(
      ...sent.map((one) => {
        const debt = (Math.max(free, one.at) + everyMs - one.at) / everyMs;
        free = Math.max(free, earliest(one)) + everyMs;
        return debt;
      }),
    );
  });
  return Number(Math.max(0, ...longest).toFixed(2));
}
