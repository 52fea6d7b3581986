/**
 * Room for eager starts: a task that the worker of this process can't take at once would be dispatched again only after a
 * timeout of seconds, so no more are asked for than it can begin. Measured on two cores: 8.
 */
export interface EagerRoom {
  /** Whether this run may be started eagerly; then `leave` when its first task is taken. */
  enter: (runId: string) => boolean;
  leave: (runId: string) => void;
}

export function createEagerRoom(size = 8, forgetMs = 15_000): EagerRoom {
  const inside = new Map<string, number>();
  return {
    enter: (runId) => {
      const now = performance.now();
      // A start whose first task never came must not take up room for ever.
      for (const [id, since] of inside) if (now - since > forgetMs) inside.delete(id);
      if (inside.size >= size) return false;
      inside.set(runId, now);
      return true;
    },
    leave: (runId) => void inside.delete(runId),
  };
}
