import { heldAhead, holdCall, type CallWindow, type Pool } from '@holdfast/db';
import { type ErrorCode, HoldfastError, say, type Words } from '@holdfast/errors';
import type { Admission, Caller, ProviderCall } from './admission.ts';
import { everyMsOf, makeRoom, queue } from './limiter.ts';
import type { Parts } from './parts.ts';
import type { Provider } from './provider-of.ts';
import type { Standing } from './standings.ts';

/** A call waits at most so long for a provider that is down, without using up an attempt. */
const maxDownMs = 3_600_000;
/** A paused provider is asked for by those who wait: seldom, since whoever resumes it rings for them. */
const pausedLook = { first: 10_000, last: 300_000 } as const;

export interface Reason {
  code: ErrorCode;
  reason: Words;
}

export const itsTurn = ({ name }: Provider, windows: readonly CallWindow[]): Reason => ({
  code: 'upstream.limited',
  reason: say`${name} is called at its highest pace (${windows.map(({ count, perMs }) => `${count} in ${perMs / 1_000} s`).join(', ')}), so this call waits for its turn.`,
});
export const outOfPoints = ({ name }: Provider): Reason => ({
  code: 'upstream.limited',
  reason: say`${name} counts points, and has not enough of them for this call now, so it waits until they are there again.`,
});
export const toldToWait = ({ name }: Provider): Reason => ({
  code: 'upstream.limited',
  reason: say`${name} asked us to slow down, so nothing is sent there for a moment.`,
});

export async function putOff(
  { pool }: Parts,
  { caller }: ProviderCall,
  provider: Provider,
  { code, reason, afterMs, windows, turn }: Reason & { afterMs: number; windows: readonly CallWindow[]; turn: Date | null },
): Promise<Admission> {
  // Who has a place keeps it: behind those whose turn comes before, and nobody else.
  const forMs = turn
    ? afterMs + (await heldAhead(pool, { ...provider, turn, goesWith: caller?.goesWith })) * everyMsOf(windows)
    : await queue(pool, provider, { afterMs, windows });
  await keepHeld(pool, provider, { caller, code, forMs });
  return laterThan(provider, { code, reason, forMs });
}

const laterThan = (provider: Provider, { code, reason, forMs }: Reason & { forMs: number }): Admission => ({
  state: 'later',
  notBefore: new Date(Date.now() + forMs),
  code,
  reason,
  facts: { provider: provider.key },
});

async function keepHeld(
  pool: Pool,
  provider: Provider,
  { caller, code, forMs }: { caller: Caller | undefined; code: ErrorCode; forMs: number },
): Promise<number> {
  if (!caller) return 0;
  await makeRoom(pool, provider);
  const { workspaceId, key } = provider;
  const { wasHeld: _wasHeld, isUnderWay: _isUnderWay, ...who } = caller;
  return (await holdCall(pool, { workspaceId, provider: key, ...who, code, forMs })).heldMs;
}

export async function paused(
  { pool }: Parts,
  { caller }: ProviderCall,
  provider: Provider,
  { pauseNote, isPaused }: Standing,
): Promise<Admission> {
  const code = 'upstream.paused';
  const heldMs = await keepHeld(pool, provider, { caller, code, forMs: pausedLook.last });
  const forMs = Math.min(pausedLook.last, Math.max(pausedLook.first, heldMs / 2));
  const note = pauseNote ? ` (“${pauseNote}”)` : '';
  return laterThan(provider, {
    code,
    forMs,
    reason: isPaused
      ? say`Calls to ${provider.name} are paused by a person${note}. This one goes out when they go on.`
      : say`A person lets ${provider.name} finish what waits for it, and takes nothing new${note}. This one goes out when calls go on.`,
  });
}

/** Open, and this call is not the one that tries. With a fallback there is nothing to wait for. */
export async function down(parts: Parts, call: ProviderCall, provider: Provider, windows: readonly CallWindow[]): Promise<Admission> {
  const standing = await parts.standings.anew(provider);
  const afterMs = standing.isOpen ? Math.max(100, standing.probeAt - performance.now()) : 1;
  const code = 'upstream.down';
  const detail = say`${provider.name} has been failing, so it is left alone for now. Nothing was sent.`;
  if (call.request.hasFallback) throw new HoldfastError(code, { detail, retryAfterMs: afterMs });
  const heldMs = await keepHeld(parts.pool, provider, { caller: call.caller, code, forMs: afterMs });
  if (heldMs > maxDownMs) throw new HoldfastError(code, { detail: say`${detail} This call has waited for it for an hour.` });
  const forMs = await queue(parts.pool, provider, { afterMs, windows });
  return laterThan(provider, { code, forMs, reason: say`${provider.name} has been failing, so it is left alone; it is tried again soon.` });
}
