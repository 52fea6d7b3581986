import { changedProviders, type CallWindow, type Pool, type ProviderState } from '@holdfast/db';
import type { Provider } from './provider-of.ts';

/** How a provider stands, by this process's monotonic clock. */
export interface Standing {
  limits: CallWindow[] | null;
  learnt: CallWindow[] | null;
  learntUntil: number;
  heldUntil: number;
  isOpen: boolean;
  opens: number;
  probeAt: number;
  isPaused: boolean;
  isDraining: boolean;
  pauseNote: string | null;
}

const plain: Standing = {
  limits: null,
  learnt: null,
  learntUntil: 0,
  heldUntil: 0,
  isOpen: false,
  opens: 0,
  probeAt: 0,
  isPaused: false,
  isDraining: false,
  pauseNote: null,
};

export interface Standings {
  /** How the provider stands, as of a second ago at most. Asks the database once a second for all providers together, and not at all where no calls are made. */
  of: (provider: Provider) => Promise<Standing>;
  /** The same, asked anew: after something changed. */
  anew: (provider: Provider) => Promise<Standing>;
}

/** A copy this old is good enough; from half of that on a newer one is fetched beside the call, so that under load no call waits for it. */
export const usuallyFreshMs = 1_000;

/** What calls are decided by, kept in memory: most providers have never been in trouble, and their calls cost nothing. */
export function createStandings({ pool, freshMs }: { pool: Pool; freshMs: number }): Standings {
  const known = new Map<string, Standing>();
  let seenUpTo: string | null = null;
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;

  const read = async (): Promise<void> => {
    const startedAt = performance.now();
    const changed = await changedProviders(pool, seenUpTo);
    for (const state of changed) {
      known.set(nameOf(state.workspaceId, state.key), standingFrom(state, startedAt));
      if (seenUpTo === null || state.changedAt > seenUpTo) seenUpTo = state.changedAt;
    }
    readAt = startedAt;
  };
  const readOnce = (): Promise<void> => (reading ??= read().finally(() => (reading = null)));
  const find = ({ workspaceId, key }: Provider): Standing => known.get(nameOf(workspaceId, key)) ?? plain;

  return {
    of: async (provider) => {
      const age = performance.now() - readAt;
      // A database that does not answer must not stop a call that needs nothing of it: what was known before still holds.
      if (age > freshMs) await readOnce().catch(() => undefined);
      else if (age > freshMs / 2) readOnce().catch(() => undefined);
      return find(provider);
    },
    anew: async (provider) => {
      await reading?.catch(() => undefined);
      await readOnce().catch(() => undefined);
      return find(provider);
    },
  };
}

const nameOf = (workspaceId: string, key: string): string => `${workspaceId}\n${key}`;

const standingFrom = (state: ProviderState, now: number): Standing => ({
  limits: state.limits,
  learnt: state.learnt,
  learntUntil: state.learntForMs === 0 ? 0 : now + state.learntForMs,
  heldUntil: state.heldForMs === 0 ? 0 : now + state.heldForMs,
  isOpen: state.isOpen,
  opens: state.opens,
  probeAt: now + state.probeInMs,
  isPaused: state.isPaused,
  isDraining: state.isDraining,
  pauseNote: state.pauseNote,
});
