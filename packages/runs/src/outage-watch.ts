/** When PostgreSQL was away, for whoever judges others by their silence: nobody could beat meanwhile. */
export interface OutageWatch {
  /** PostgreSQL answered a question that is asked every second. */
  answered: () => void;
  /** False during an outage, and until every living process has had the time to beat again. */
  isLongOver: () => boolean;
}

/** Without an answer for so long, beats may have been missed, too: a lease lasts 5 s. */
const outageMs = 3_000;
const recoveryMs = 6_000;

/**
 * PostgreSQL's own start time tells of restarts only: after a failover, a frozen disk or a broken network it is long past, and the first
 * process that gets through would find everybody else's lease run out.
 */
export function createOutageWatch(now: () => number = () => performance.now()): OutageWatch {
  let lastAnswer: number | null = null;
  let quietUntil = 0;
  const isAway = () => lastAnswer !== null && now() - lastAnswer > outageMs;
  return {
    answered: () => {
      if (isAway()) quietUntil = now() + recoveryMs;
      lastAnswer = now();
    },
    isLongOver: () => !isAway() && now() >= quietUntil,
  };
}
