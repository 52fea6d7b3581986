import { setTimeout as wait } from 'node:timers/promises';
import { ensureProvider, giveSlotBack, takePlaceInLine, takeProviderSlot, type CallWindow, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { Provider } from './provider-of.ts';

/** Nobody is sent to the end of a longer queue: it would say "later" for ever. */
export const maxQueueMs = 3_600_000;
/** Who waits in line is called a little before there is room: a slot that nobody is there for is lost. */
const calledEarly = 0.9;
/** Without limits, those whom a pause or an outage held back come one after the other all the same. */
const followEveryMs = 20;

export interface Slot {
  /** The provider's answer is here. `isUnused`: nothing was sent. */
  giveBack: (options?: { isUnused?: boolean }) => Promise<void>;
}

/** The slowest pace of several windows, as milliseconds per call. */
export const paceOf = (windows: readonly CallWindow[]): number => Math.max(...windows.map(({ count, perMs }) => perMs / count));

/** How far apart those come who wait in line. */
export const everyMsOf = (windows: readonly CallWindow[]): number => (windows.length === 0 ? followEveryMs : paceOf(windows) * calledEarly);

/** Where in the provider's queue this call stands: in how many milliseconds it should come again, at least `afterMs`. Throws upstream.limited when that is too far away. */
export async function queue(
  pool: Pool,
  provider: Provider,
  { afterMs, windows }: { afterMs: number; windows: readonly CallWindow[] },
): Promise<number> {
  const everyMs = everyMsOf(windows);
  const inMs = await takePlaceInLine(pool, { key: `${provider.workspaceId}/${provider.key}/~line`, everyMs, afterMs });
  if (inMs <= afterMs + maxQueueMs) return Math.ceil(inMs);
  throw new HoldfastError('upstream.limited', {
    detail: say`So many calls to ${provider.name} wait that this one would have its turn in ${Math.round(inMs / 60_000)} minutes. Nothing was sent.`,
    hint: 'Raise the limit of the provider if it allows more, or start fewer runs at once.',
  });
}

interface Wanted {
  windows: readonly CallWindow[];
  maxWaitMs: number;
  holdMs: number;
  /** Its place among those who wait; null for a new one. */
  turn: Date | null;
  /** Those that go with it in one call are not in its way. */
  goesWith?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface Limiter {
  /** A slot in all windows within `maxWaitMs`, waited for; or in how many milliseconds there may be one. */
  take: (provider: Provider, wanted: Wanted) => Promise<{ slot: Slot } | { inMs: number }>;
}

interface Line {
  waiting: number;
  /** Ends when the one before has its slot, or has left. */
  last: Promise<unknown>;
}

/** The calls of this process stand in line for each provider, and only the first of them asks the database for a slot. */
export function createLimiter({ pool }: { pool: Pool }): Limiter {
  const lines = new Map<string, Line>();
  return {
    take: async (provider, wanted) => {
      // Who was put off before doesn't stand in line behind newcomers; among themselves the database knows their order.
      if (wanted.turn) return whenFree(pool, await takeFirst(pool, provider, wanted, performance.now() + wanted.maxWaitMs), wanted.signal);
      const name = `${provider.workspaceId}\n${provider.key}`;
      const line = lines.get(name) ?? { waiting: 0, last: Promise.resolve() };
      lines.set(name, line);
      const aheadMs = line.waiting * paceOf(wanted.windows);
      if (aheadMs > wanted.maxWaitMs) return { inMs: aheadMs };
      const until = performance.now() + wanted.maxWaitMs;
      line.waiting += 1;
      const mine = line.last.then(() => takeFirst(pool, provider, wanted, until));
      const over = mine.catch(() => undefined);
      line.last = over;
      try {
        return await whenFree(pool, await mine, wanted.signal);
      } finally {
        line.waiting -= 1;
        if (line.waiting === 0 && line.last === over) lines.delete(name);
      }
    },
  };
}

interface Taken {
  waitMs: number;
  back: Parameters<typeof giveSlotBack>[1];
}

async function takeFirst(
  pool: Pool,
  provider: Provider,
  { windows, holdMs, turn, goesWith, signal }: Wanted,
  until: number,
): Promise<Taken | { inMs: number }> {
  const heldMs = holdMs + Math.max(...windows.map(({ perMs }) => perMs));
  const askEveryMs = Math.min(100, paceOf(windows));
  for (;;) {
    const left = Math.max(0, until - performance.now());
    const { isTaken, waitMs, token, nths } = await takeProviderSlot(pool, {
      ...provider,
      windows,
      maxWaitMs: left,
      holdMs: heldMs,
      turn,
      goesWith,
    });
    if (isTaken) return { waitMs, back: { ...provider, windows, token, nths, isUnused: false } };
    if (waitMs > left || left === 0) return { inMs: Math.max(1, waitMs) };
    await sleep(Math.max(1, Math.min(waitMs, askEveryMs)), signal);
  }
}

async function whenFree(
  pool: Pool,
  taken: Taken | { inMs: number },
  signal: AbortSignal | undefined,
): Promise<{ slot: Slot } | { inMs: number }> {
  if ('inMs' in taken) return taken;
  const { waitMs, back } = taken;
  try {
    await sleep(waitMs, signal);
  } catch (error) {
    await giveSlotBack(pool, { ...back, isUnused: true }).catch(() => undefined);
    throw error;
  }
  return { slot: { giveBack: ({ isUnused = false } = {}) => giveSlotBack(pool, { ...back, isUnused }).catch(() => undefined) } };
}

/** Slots hang on the provider's row. */
export const makeRoom = (pool: Pool, provider: Provider): Promise<void> => ensureProvider(pool, provider);

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // A timer may fire a fraction early.
  const at = performance.now() + ms;
  for (let left = ms; left > 0; left = at - performance.now())
    await wait(Math.ceil(left), undefined, signal ? { signal } : {}).catch(() => {
      throw new HoldfastError('step.timeout', { detail: 'The step was ended while its call waited for its turn. Nothing was sent.' });
    });
}
