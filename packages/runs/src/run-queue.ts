import type { LoadedRun } from '@holdfast/db';
import type { Log } from './deps.ts';
import type { Places } from './places.ts';

/** The runs that wait in the database for a place in this process, or in another. */
export interface RunQueue {
  /** Whether a fresh run may have a place; if not, it joins those that came before it. */
  hasRoom: () => boolean;
  /** Some are known to wait. */
  isBacklogged: () => boolean;
  /** Some may wait: claims as many as there are places for. */
  ring: () => void;
  /** When what was claimed has begun. */
  settled: () => Promise<void>;
}

interface Options {
  places: Places;
  claim: (limit: number) => Promise<LoadedRun[]>;
  begin: (run: LoadedRun) => void;
  log: Log;
}

export function createRunQueue({ places, claim, begin, log }: Options): RunQueue {
  let isBacklogged = false;
  let isRung = false;
  /** Places that a claim under way may need. */
  let reserved = 0;
  let claiming: Promise<void> | null = null;

  const room = () => places.free() - reserved;
  /** Half of the room at a time, so that fresh runs find some meanwhile. */
  const claimSome = async (): Promise<void> => {
    reserved = Math.ceil(Math.max(0, room()) / 2);
    const limit = reserved;
    try {
      const runs = limit > 0 ? await claim(limit) : [];
      isBacklogged = runs.length === limit;
      runs.forEach(begin);
    } finally {
      reserved = 0;
    }
  };
  const claimAll = async (): Promise<void> => {
    try {
      while (isRung) {
        isRung = false;
        do await claimSome();
        while (isBacklogged && room() > 0);
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'The queue could not be looked at and will be again');
    } finally {
      claiming = null;
    }
  };
  return {
    hasRoom: () => {
      if (room() <= 0) isBacklogged = true;
      return !isBacklogged;
    },
    isBacklogged: () => isBacklogged,
    ring: () => {
      isRung = true;
      claiming ??= claimAll();
    },
    settled: async () => {
      await claiming;
    },
  };
}
