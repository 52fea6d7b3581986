/**
 * Room for eager starts: a task that the worker of this process can't take at once would be dispatched again only after a
 * timeout of seconds, so no more are asked for than it can begin. Measured on two cores: 8. The others wait here for their
 * turn, since Temporal's task queue serves those that came last: in a burst of 50, first runs waited there for 7 s.
 */
export interface EagerRoom {
  /** Whether this run may be started eagerly: at once, when its turn comes, or not at all after 3 s. Then `leave` when its first task is taken. */
  enter: (runId: string) => Promise<boolean>;
  leave: (runId: string) => void;
}

export function createEagerRoom({ size = 8, forgetMs = 15_000, patienceMs = 3_000 } = {}): EagerRoom {
  const inside = new Map<string, number>();
  /** In the order in which they came. */
  const waiting = new Set<() => void>();
  const hasPlace = (): boolean => {
    const now = performance.now();
    // A start whose first task never came must not take up room for ever.
    for (const [id, since] of inside) if (now - since > forgetMs) inside.delete(id);
    return inside.size < size;
  };
  const comeIn = (runId: string): true => {
    inside.set(runId, performance.now());
    return true;
  };
  const turnOf = (runId: string): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(next);
        resolve(false);
      }, patienceMs);
      const next = () => {
        clearTimeout(timer);
        waiting.delete(next);
        resolve(comeIn(runId));
      };
      waiting.add(next);
    });
  return {
    enter: async (runId) => (waiting.size === 0 && hasPlace() ? comeIn(runId) : turnOf(runId)),
    leave: (runId) => {
      if (!inside.delete(runId)) return;
      const [next] = waiting;
      if (next && hasPlace()) next();
    },
  };
}
