/** Counts what happened in this process since its start, by name; told with its lease. */
export interface Tally {
  add: (name: string, by?: number) => void;
  read: () => Record<string, number>;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (name, by = 1) => {
      if (by > 0) counts.set(name, (counts.get(name) ?? 0) + by);
    },
    read: () => Object.fromEntries(counts),
  };
}
