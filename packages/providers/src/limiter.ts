import { setTimeout as wait } from 'node:timers/promises';
import { ensureProvider, giveSlotBack, takePlaceInLine, takeProviderSlot, type CallWindow, type Pool } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
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

export interface LimiterOptions {
  pool: Pool;
  /** From the first byte until the provider has surely counted the call, answered or not. */
  countedWithinMs: number;
}

/** The slowest pace of several windows, as milliseconds per call. */
export const paceOf = (windows: readonly CallWindow[]): number =>
  Math.max(followEveryMs, ...windows.map(({ count, perMs }) => perMs / count));

/** Where in the provider's queue this call stands: in how many milliseconds it should come again, at least `afterMs`. Throws upstream.limited when that is too far away. */
export async function queue(
  pool: Pool,
  provider: Provider,
  { afterMs, windows }: { afterMs: number; windows: readonly CallWindow[] },
): Promise<number> {
  const everyMs = windows.length === 0 ? followEveryMs : paceOf(windows) * calledEarly;
  const inMs = await takePlaceInLine(pool, { key: `${provider.workspaceId}/${provider.key}/~line`, everyMs, afterMs });
  if (inMs <= afterMs + maxQueueMs) return Math.ceil(inMs);
  throw new HoldfastError('upstream.limited', {
    detail: `So many calls to ${provider.name} wait that this one would have its turn in ${Math.round(inMs / 60_000)} minutes. Nothing was sent.`,
    hint: 'Raise the limit of the provider if it allows more, or start fewer runs at once.',
  });
}

/** A slot in all windows within `maxWaitMs`, waited for; or in how many milliseconds there may be one. */
export async function takeSlot(
  pool: Pool,
  provider: Provider,
  given: { windows: readonly CallWindow[]; maxWaitMs: number; holdMs: number; signal?: AbortSignal | undefined },
): Promise<{ slot: Slot } | { inMs: number }> {
  const { windows, signal } = given;
  const until = performance.now() + given.maxWaitMs;
  const holdMs = given.holdMs + Math.max(...windows.map(({ perMs }) => perMs));
  for (;;) {
    const left = Math.max(0, until - performance.now());
    const taken = await takeProviderSlot(pool, { ...provider, windows, maxWaitMs: left, holdMs });
    const back = { ...provider, windows, token: taken.token, nths: taken.nths };
    if (taken.isTaken) {
      try {
        await sleep(taken.waitMs, signal);
      } catch (error) {
        await giveSlotBack(pool, { ...back, isUnused: true }).catch(() => undefined);
        throw error;
      }
      return { slot: { giveBack: ({ isUnused = false } = {}) => giveSlotBack(pool, { ...back, isUnused }).catch(() => undefined) } };
    }
    if (taken.waitMs > left) return { inMs: Math.max(1, taken.waitMs) };
    await sleep(Math.max(1, taken.waitMs), signal);
  }
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
