/** When this process, and the fakes in it, stood still: what arrived meanwhile was stamped afterwards, all at once. */
export interface Stalls {
  /** The earliest time at which something that was stamped so may have arrived. */
  earliest: (at: number) => number;
  longestMs: () => number;
  stop: () => void;
}

const everyMs = 5;
const leastMs = 15;
/** So long it takes to work off what has piled up. */
const afterwardsMs = 40;

export function watchStalls(): Stalls {
  const stalls: { from: number; to: number }[] = [];
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > everyMs + leastMs) stalls.push({ from: last, to: now });
    last = now;
  }, everyMs);
  return {
    earliest: (at) => stalls.find(({ from, to }) => at >= from && at <= to + afterwardsMs)?.from ?? at,
    longestMs: () => Math.max(0, ...stalls.map(({ from, to }) => to - from)),
    stop: () => clearInterval(timer),
  };
}
