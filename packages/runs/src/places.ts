/** Room for a bounded number of runs in this process: those that are being written as its own, and those that it executes. */
export interface Places {
  readonly isOpen: boolean;
  /** How many more may be taken; none once closed. */
  free: () => number;
  ids: () => string[];
  /** Takes a place, or finds the one that is taken. Its signal ends what is done there. */
  take: (runId: string) => AbortSignal;
  leave: (runId: string) => void;
  /** Nobody may come any more. Resolves when all have left; whoever has not within `graceMs` is stopped. */
  close: (graceMs: number) => Promise<void>;
}

export function createPlaces(size: number): Places {
  // One signal for each: a common one would remember every run that ever listened to it.
  const taken = new Map<string, AbortController>();
  let isOpen = true;
  let emptied = (): void => undefined;
  return {
    get isOpen() {
      return isOpen;
    },
    free: () => (isOpen ? Math.max(0, size - taken.size) : 0),
    ids: () => [...taken.keys()],
    take: (runId) => {
      const place = taken.get(runId) ?? new AbortController();
      taken.set(runId, place);
      return place.signal;
    },
    leave: (runId) => {
      taken.delete(runId);
      if (taken.size === 0) emptied();
    },
    close: async (graceMs) => {
      isOpen = false;
      if (taken.size === 0) return;
      const timer = setTimeout(() => taken.forEach((place) => place.abort()), graceMs);
      await new Promise<void>((resolve) => {
        emptied = resolve;
      });
      clearTimeout(timer);
    },
  };
}
