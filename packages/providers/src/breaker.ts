import { claimProbe, closeBreaker, openBreaker, letOneTry, putOffProbe, type Pool } from '@holdfast/db';
import type { ErrorCode } from '@holdfast/errors';
import type { Provider } from './provider-of.ts';

/** Within a minute: so many calls at least, of which at least this share failed. */
const minCalls = 10;
const openShare = 0.5;
export const firstProbeMs = 2_000;
const lastProbeMs = 120_000;

/** Failures of the provider; what it refused, or asked for more slowly, it is well enough to say. */
const failures: ReadonlySet<ErrorCode> = new Set(['upstream.unreachable', 'upstream.timeout', 'upstream.broken', 'upstream.ambiguous']);
export const isFailure = (code: ErrorCode): boolean => failures.has(code);
/** It answered, whatever it said. */
const answers: ReadonlySet<ErrorCode> = new Set([
  'upstream.limited',
  'upstream.refused',
  'upstream.unauthorized',
  'upstream.too-large',
  'llm.unusable-answer',
]);
export const isAnswer = (code: ErrorCode): boolean => answers.has(code);

export const isTimeToOpen = ({ ok, failed }: { ok: number; failed: number }): boolean =>
  ok + failed >= minCalls && failed >= (ok + failed) * openShare;

/** Twice as long with every failed probe, less up to a fifth at random so that many providers of one failed network are not probed at once. */
export const probeDelayMs = (opens: number, { firstMs = firstProbeMs, random }: { firstMs?: number; random: number }): number =>
  Math.round(Math.min(Math.max(firstMs, lastProbeMs), firstMs * 2 ** Math.max(0, opens)) * (1 - 0.2 * random));

/** Who tells people. */
export interface BreakerNews {
  opened: (provider: Provider, counts: { ok: number; failed: number }) => Promise<void>;
  closed: (provider: Provider, openedAt: Date) => Promise<void>;
}

export interface Breaker {
  /** True for the one call that may try whether an open provider is back. */
  claimProbe: (provider: Provider, holdMs: number) => Promise<boolean>;
  /** A call that was no probe failed: opens when it is time. Answers whether this one opened it. */
  noteFailure: (provider: Provider, counts: { ok: number; failed: number }) => Promise<boolean>;
  /** Answers whether it closed. */
  endProbe: (provider: Provider, opens: number, outcome: 'answered' | 'failed' | 'nothing') => Promise<boolean>;
}

interface BreakerOptions {
  pool: Pool;
  news: BreakerNews;
  firstMs: number;
  random: () => number;
}

/** The breaker's states live in the provider's row; each change is one statement that holds for one process only. */
export function createBreaker({ pool, news, firstMs, random }: BreakerOptions): Breaker {
  const delay = (opens: number): number => probeDelayMs(opens, { firstMs, random: random() });
  return {
    claimProbe: (provider, holdMs) => claimProbe(pool, provider, holdMs),
    noteFailure: async (provider, counts) => {
      if (!isTimeToOpen(counts) || !(await openBreaker(pool, provider, delay(0)))) return false;
      await news.opened(provider, counts);
      return true;
    },
    endProbe: async (provider, opens, outcome) => {
      if (outcome !== 'answered') {
        const inMs = outcome === 'failed' ? delay(opens) : 0;
        await putOffProbe(pool, provider, { inMs, isFailure: outcome === 'failed' });
        // Those that wait were told to come when this probe is surely over; one of them tries again at once when it is time.
        await letOneTry(pool, { ...provider, tries: opens, inMs });
        return false;
      }
      const closed = await closeBreaker(pool, provider);
      if (closed) await news.closed(provider, closed.openedAt);
      return closed !== null;
    },
  };
}
