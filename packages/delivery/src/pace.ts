import { setTimeout as wait } from 'node:timers/promises';
import { takeSlot, type Pace, type Pool, type SendTarget } from '@holdfast/db';
import type { ChannelAdapter, SendRates } from '@holdfast/channels';
import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';

const rates = z
  .object({
    perSecond: z.number().positive().max(1_000),
    chatPerSecond: z.number().positive().max(100),
    groupPerMinute: z.number().positive().max(6_000),
  })
  .partial();

/** A channel's own rates: its adapter's, changed by `config.rates`. */
export function ratesOf(adapter: ChannelAdapter, target: Pick<SendTarget, 'config'>): SendRates | null {
  const own = rates.safeParse(target.config['rates']).data ?? {};
  if (!adapter.rates) return null;
  const { overall, perChat, perGroup } = adapter.rates;
  return {
    overall: own.perSecond === undefined ? overall : { ...overall, everyMs: 1_000 / own.perSecond },
    perChat: own.chatPerSecond === undefined ? perChat : { ...perChat, everyMs: 1_000 / own.chatPerSecond },
    perGroup: own.groupPerMinute === undefined ? perGroup : { ...perGroup, everyMs: 60_000 / own.groupPerMinute },
  };
}

export const chatKey = (target: Pick<SendTarget, 'channelId' | 'address'>): string => `${target.channelId}/${target.address}`;

function pacesOf(found: SendRates, target: SendTarget): Pace[] {
  return [
    { key: target.channelId, ...found.overall },
    { key: chatKey(target), ...(target.isGroup ? found.perGroup : found.perChat) },
  ];
}

const staleAfterMs = 100;

/** Waits for this send's turn, at most `maxWaitMs` (2 s) in all. Answers 0 when it may go now, else in how many milliseconds to come again. */
export async function waitForTurn(
  pool: Pool,
  adapter: ChannelAdapter,
  target: SendTarget,
  { maxWaitMs = 2_000, signal }: { maxWaitMs?: number | undefined; signal?: AbortSignal | undefined },
): Promise<number> {
  const found = ratesOf(adapter, target);
  if (!found) return 0;
  const until = Date.now() + maxWaitMs;
  for (;;) {
    const left = until - Date.now();
    const slot = await takeSlot(pool, pacesOf(found, target), Math.max(0, left));
    if (!slot.isTaken && slot.waitMs > left) return Math.ceil(slot.waitMs);
    const goesAt = Date.now() + Math.ceil(slot.waitMs) + 1; // a timer may fire a fraction early
    await wait(goesAt - Date.now(), undefined, signal ? { signal } : {}).catch(() => {
      throw new HoldfastError('step.timeout', { detail: 'The step was ended while its message waited for its turn. Nothing was sent.' });
    });
    // A process that stood still must not pour out what it had slots for: a stale slot is given up for a new one.
    if (slot.isTaken && Date.now() - goesAt <= staleAfterMs) return 0;
    if (Date.now() > until) return 1;
  }
}

// Of this process, for all who send in it: what happens on the way to the provider is the same socket layer.
const nextWriteAt = new Map<string, number>();

/**
 * The last thing before the bytes. Slots are granted evenly, but a busy machine can hold several sends up and let them go together; here they
 * are drawn apart again. A little faster than the pace, so that what piled up drains.
 */
export async function drawApart(adapter: ChannelAdapter, target: SendTarget): Promise<void> {
  const everyMs = ratesOf(adapter, target)?.overall.everyMs;
  if (everyMs === undefined) return;
  const now = performance.now();
  const at = Math.max(now, nextWriteAt.get(target.channelId) ?? 0);
  nextWriteAt.set(target.channelId, at + everyMs * 0.9);
  if (at > now) await wait(at - now);
}
