/** How far back is looked, and how long it is believed what that taught. */
const lookBackMs = 60_000;
const believedMs = 600_000;
const longestMs = 10_000;

/**
 * How often one line works. As fast as it can, until it came too often: then its turns are spread over the minute, so that more goes along each time, and nobody
 * waits for long.
 */
export interface WriterPace {
  /** Until its next turn. */
  dueInMs: () => number;
  begin: () => void;
  /** The turn that was just begun was one too many. */
  slowDown: () => void;
  /** There is nothing to remember. */
  isOver: () => boolean;
}

export function createWriterPace(now: () => number = () => performance.now()): WriterPace {
  let begun: number[] = [];
  let every = { ms: 0, until: 0 };
  const recent = () => begun.filter((at) => at > now() - lookBackMs);
  const everyMs = () => (every.until > now() ? every.ms : 0);
  return {
    dueInMs: () => Math.max(0, (begun.at(-1) ?? -Infinity) + everyMs() - now()),
    begin: () => {
      begun = [...recent(), now()];
      // As long as there is much to do, it need not be learnt again.
      if (everyMs() > 0 && begun.length * every.ms > lookBackMs / 2) every = { ...every, until: now() + believedMs };
    },
    slowDown: () => {
      every = { ms: Math.min(longestMs, lookBackMs / Math.max(1, recent().length - 1)), until: now() + believedMs };
    },
    isOver: () => everyMs() === 0 && recent().length === 0,
  };
}
