/** Knows what was asked for within the last `forMs`. */
export interface Recently {
  /** True when it was not; from now on it was. */
  isNew: (id: string) => boolean;
}

export function createRecently(forMs: number, now: () => number = () => performance.now()): Recently {
  // In the order of their times, since an entry is only ever made anew.
  const seen = new Map<string, number>();
  return {
    isNew: (id) => {
      const at = now();
      for (const [old, since] of seen) {
        if (at - since < forMs) break;
        seen.delete(old);
      }
      if (seen.has(id)) return false;
      seen.set(id, at);
      return true;
    },
  };
}
