import { countStarting, takeDueRuns, type DueRun, type Pool } from '@holdfast/db';

/**
 * So many runs may be asked for and not yet adopted. Above it they wait in the database, where they cost nothing and have an order, and not in
 * Temporal's task queue, where a new message's run would wait behind them all. A worker adopts 60 to 100 a second on two cores.
 */
const maxStarting = 160;
/** What the sweep takes up leaves the rest of that room to runs that were just committed. */
const maxSwept = 40;
/** Started side by side: Temporal answers a start in some milliseconds. */
const sideBySide = 10;

export interface StartQueue {
  /** Whether a run that was just committed may be started past the queue. If not, it stays due and its turn comes. */
  hasRoom: () => boolean;
  /** Starts what is due, as far as there is room. */
  sweep: () => Promise<void>;
}

export function createStartQueue({ pool, start }: { pool: Pool; start: (due: DueRun) => Promise<void> }): StartQueue {
  let room = maxStarting;
  return {
    hasRoom: () => room-- > 0,
    sweep: async () => {
      const starting = await countStarting(pool, maxStarting);
      room = maxStarting - starting;
      const due = starting < maxSwept ? await takeDueRuns(pool, maxSwept - starting) : [];
      for (let first = 0; first < due.length; first += sideBySide) await Promise.all(due.slice(first, first + sideBySide).map(start));
    },
  };
}
