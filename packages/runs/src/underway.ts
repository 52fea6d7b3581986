/** Steps that run side by side; the first failure stops them all. */
export interface Underway {
  readonly size: number;
  readonly hasFailed: boolean;
  readonly signal: AbortSignal;
  has: (step: string) => boolean;
  start: (step: string, work: () => Promise<unknown>) => void;
  /** When the next one is done, however it went. */
  next: () => Promise<void>;
  /** When all are done; throws what failed first. */
  finish: () => Promise<void>;
}

/** `outer` stops them too. */
export function createUnderway(outer?: AbortSignal): Underway {
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const stop = new AbortController();
  const fail = (error: unknown) => {
    failures.push(error);
    stop.abort();
  };
  return {
    get size() {
      return running.size;
    },
    get hasFailed() {
      return failures.length > 0;
    },
    signal: outer ? AbortSignal.any([stop.signal, outer]) : stop.signal,
    has: (step) => running.has(step),
    start: (step, work) => {
      const done = work()
        .then(() => undefined, fail)
        .finally(() => running.delete(step));
      running.set(step, done);
    },
    next: () => Promise.race(running.values()),
    finish: async () => {
      await Promise.all(running.values());
      if (failures.length > 0) throw failures[0];
    },
  };
}
