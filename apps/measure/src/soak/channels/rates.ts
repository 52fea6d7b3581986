import type { Heard } from './line.ts';

/** The most that came within any time so long, by the fake's clock. `earliest`: when something that was stamped so may have arrived. */
export function mostWithin(windowMs: number, heard: readonly Heard[], earliest: (at: number) => number): number {
  const times = heard.map(({ at }) => at).toSorted((a, b) => a - b);
  const begins = times.map(earliest);
  let first = 0;
  let most = 0;
  for (const [place, time] of times.entries()) {
    while (first < place && time - (begins[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, place - first + 1);
  }
  return most;
}

/** How many messages ahead of one in `everyMs` any recipient ever was. */
export function longestDebt(everyMs: number, heard: readonly Heard[]): number {
  const longest = Object.values(Object.groupBy(heard, ({ to }) => to)).map((sent = []) => {
    let free = 0;
    return Math.max(
      ...sent.map(({ at }) => {
        free = Math.max(free, at) + everyMs;
        return (free - at) / everyMs;
      }),
    );
  });
  return Number(Math.max(0, ...longest).toFixed(2));
}
