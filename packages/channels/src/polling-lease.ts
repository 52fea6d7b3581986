import { setTimeout as wait } from 'node:timers/promises';
import { endPollingLease, holdPollingLease, type Pool } from '@holdfast/db';
import type { ChannelAccount } from './channel-adapter.ts';
import type { Log } from './receive-deps.ts';
import type { Watching } from './watch-channels.ts';

export const renewEveryMs = 3_000;

/** Keeps a channel's lease while its poller works; `onLost` once another process has it or the channel is gone. Call what it answers to end that. */
export function keepPollingLease(pool: Pool, lease: { channelId: string; process: string }, onLost: () => void): () => void {
  const timer = setInterval(() => {
    holdPollingLease(pool, lease).then(
      (held) => held ?? onLost(),
      () => undefined, // the database is away: the lease runs out by itself
    );
  }, renewEveryMs);
  return () => clearInterval(timer);
}

/** A pause after so many failures in a row: doubles up to `most` times `firstMs`, a quarter more or less, so that many pollers don't come again together. */
export const backoffMs = (failures: number, { firstMs, most }: { firstMs: number; most: number }): number =>
  Math.min(most, 2 ** (failures - 1)) * firstMs * (0.75 + Math.random() / 2);

/** Ends early when the signal says so. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => undefined);

/** A poller that `poll` is, until its signal ends it; stopped, it leaves the channel's lease to the next one. */
export function startPolling(
  { pool, log, process }: { pool: Pool; log: Log; process: string },
  { id: channelId }: ChannelAccount,
  poll: (signal: AbortSignal) => Promise<void>,
): Watching {
  const stopping = new AbortController();
  const running = poll(stopping.signal).catch((error: unknown) =>
    log.error({ channel: channelId, err: error }, 'A channel is no longer asked for news; this should not happen.'),
  );
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await endPollingLease(pool, { channelId, process }).catch(() => undefined);
    },
  };
}
