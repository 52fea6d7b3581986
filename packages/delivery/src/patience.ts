import type { HoldfastError } from '@holdfast/errors';

const minutes = (...all: number[]): readonly number[] => all.map((one) => one * 60_000);
/**
 * After each try that another mail server put off. Greylisting wants the same mail again after 5 to 15 minutes and lets in whom it knows then; some forget it
 * meanwhile, or are busy for longer. Postfix and Exchange go on for days; here it is about 18 hours, since what is said in a conversation grows old.
 */
const waits = {
  greylist: minutes(6, 10, 15, 30, 60, 120, 240, 240, 360),
  busy: minutes(1, 5, 15, 30, 60, 120, 240, 240, 360),
} as const;
/** Its clock is not ours. */
const slackMs = 15_000;

/** When a mail that was put off is to be offered again; null for other errors, and once it was tried often enough. `attempt` is 1 after the first. */
export function comeAgainInMs({ code, retryAfterMs = 0, extra }: HoldfastError, attempt: number): number | null {
  if (code !== 'send.deferred') return null;
  const kind = typeof extra === 'object' && extra !== null && Reflect.get(extra, 'patience') === 'greylist' ? 'greylist' : 'busy';
  const own = waits[kind][attempt - 1];
  if (own === undefined) return null;
  if (retryAfterMs === 0) return own;
  // A server that names its time is believed. Each try doubles it, up to what others are given: tries for other reasons (the account's pace) count, too,
  // and must not make an hour of half a minute.
  return Math.max(retryAfterMs, Math.min(own, retryAfterMs * 2 ** (attempt - 1))) + slackMs;
}
