import { setTimeout as pause } from 'node:timers/promises';
import { answeredLately, holdCall, holdProvider, learnLimits, releaseCall, type CallWindow, type Pool } from '@holdfast/db';
import { asHoldfastError, HoldfastError, toProblem, type ErrorCode } from '@holdfast/errors';
import type { EgressResponse } from '@holdfast/node-kit';
import type { Admission, Caller, Gate, ProviderCall, WayOut } from './admission.ts';
import { cacheEntryOf, throughCache } from './answer-cache.ts';
import { createBreaker, firstProbeMs as usualProbeMs, isAnswer, isFailure, type Breaker, type BreakerNews } from './breaker.ts';
import { createCallCounter, type CallCounter } from './call-counts.ts';
import { exhaustedFor, learnWindow, ownWindows, pauseAfterLimit } from './hints.ts';
import { createLimiter, makeRoom, queue, type Limiter, type Slot } from './limiter.ts';
import { providerOf, type Provider } from './provider-of.ts';
import { createStandings, type Standing, type Standings } from './standings.ts';

export interface ProvidersOptions {
  pool: Pool;
  egress: WayOut;
  /** Tells people; nobody is told when left out. */
  news?: BreakerNews;
  /**
   * From a call's first byte until its provider has surely counted it, answered or not: 100 ms when left out. An answer that comes sooner ends it, so a
   * limit is kept strictly there, and nine tenths of it can be used however slow the provider is.
   */
  countedWithinMs?: number;
  /** Until a provider that is down is tried for the first time; twice as long after each failure. 2 s when left out. */
  firstProbeMs?: number;
  random?: () => number;
}

export interface Providers extends Gate {
  /** Writes what was counted. */
  close: () => Promise<void>;
}

/** A call may wait so long for its slot in its process, and at most for a quarter of its own time. */
const waitsHereMs = 2_000;
/** Who was told to wait comes back at that very moment, by another clock. */
const momentMs = 250;
const defaultTimeoutMs = 30_000;
/** A call waits at most so long for a provider that is down, without using up an attempt. */
const maxDownMs = 3_600_000;
/** What a 429 taught is forgotten after this: then it is tried without. */
const learntForMs = 120_000;
/** A paused provider is asked for by those who wait: seldom, since whoever resumes it rings for them. */
const pausedLook = { first: 10_000, last: 300_000 } as const;

const noNews: BreakerNews = { opened: async () => undefined, closed: async () => undefined };

interface Parts {
  pool: Pool;
  egress: WayOut;
  standings: Standings;
  counter: CallCounter;
  breaker: Breaker;
  limiter: Limiter;
  countedWithinMs: number;
  random: () => number;
  limitedInRow: Map<string, number>;
}

/** What stands between calls and egress: pause, limits and breaker of each provider, shared by all processes through PostgreSQL. */
export function createProviders({
  pool,
  egress,
  news = noNews,
  countedWithinMs = 100,
  firstProbeMs = usualProbeMs,
  random = Math.random,
}: ProvidersOptions): Providers {
  const counter = createCallCounter({ pool });
  const standings = createStandings({ pool });
  const breaker = createBreaker({ pool, news, firstMs: firstProbeMs, random });
  const limiter = createLimiter({ pool });
  const parts: Parts = { pool, egress, standings, counter, breaker, limiter, countedWithinMs, random, limitedInRow: new Map() };
  return {
    admit: (call) => admit(parts, call),
    close: () => counter.flush().catch(() => undefined),
  };
}

async function admit(parts: Parts, call: ProviderCall): Promise<Admission> {
  const provider = providerOf(call.workspaceId, call.request, call.credential);
  if (!provider) return plainly(parts, call);
  const entry = cacheEntryOf(provider, call.request);
  const admitted = await (entry
    ? throughCache(parts.pool, { entry, call, admitted: () => admitTo(parts, call, provider) })
    : admitTo(parts, call, provider));
  if (admitted.state !== 'later' && call.caller?.wasHeld) await releaseCall(parts.pool, call.caller);
  return admitted;
}

async function admitTo(parts: Parts, call: ProviderCall, provider: Provider): Promise<Admission> {
  const standing = await parts.standings.of(provider);
  const windows = windowsOf(provider, standing);
  if (standing.isPaused) return paused(parts, call, provider, standing);
  const heldMs = standing.heldUntil - performance.now();
  if (heldMs > 0 && heldMs <= momentMs) await pause(heldMs);
  else if (heldMs > 0) return putOff(parts, call, provider, { ...toldToWait(provider), afterMs: heldMs, windows });
  let isProbe = false;
  if (standing.isOpen) {
    isProbe = standing.probeAt <= performance.now() && (await parts.breaker.claimProbe(provider, timeoutOf(call) + 5_000));
    if (!isProbe) return down(parts, call, provider);
  }
  const room = await takeRoom(parts, call, provider, windows);
  if ('inMs' in room) {
    if (isProbe) await parts.breaker.endProbe(provider, standing.opens, 'nothing');
    return putOff(parts, call, provider, { ...itsTurn(provider, windows), afterMs: room.inMs, windows });
  }
  return go(parts, call, { provider, standing, slot: room.slot, isProbe });
}

/** Without limits, breaker, pause and cache: every call goes at once. */
export const ungated = (egress: WayOut): Gate => ({ admit: async (call) => plainly({ egress }, call) });

/** Its address can't be read, so it belongs to no provider; egress says what is wrong with it. */
const plainly = ({ egress }: Pick<Parts, 'egress'>, call: ProviderCall): Admission => ({
  state: 'go',
  send: (options = {}) => egress.request({ ...asEgressCall(call), ...options }),
  giveUp: async () => undefined,
});

function asEgressCall({ request, credential, signal }: ProviderCall): Parameters<WayOut['request']>[0] {
  const { credential: _reference, ...call } = request;
  return { ...call, ...(credential ? { resolvedCredential: credential } : {}), ...(signal ? { signal } : {}) };
}

const timeoutOf = ({ request }: ProviderCall): number => request.timeoutMs ?? defaultTimeoutMs;

function windowsOf(provider: Provider, standing: Standing): readonly CallWindow[] {
  if (standing.limits) return standing.limits;
  const learnt = standing.learntUntil > performance.now() ? standing.learnt : null;
  return learnt ?? ownWindows(provider.kind);
}

async function takeRoom(
  { pool, limiter }: Parts,
  call: ProviderCall,
  provider: Provider,
  windows: readonly CallWindow[],
): Promise<{ slot: Slot | null } | { inMs: number }> {
  if (windows.length === 0) return { slot: null };
  await makeRoom(pool, provider);
  return limiter.take(provider, {
    windows,
    maxWaitMs: Math.min(waitsHereMs, timeoutOf(call) / 4),
    holdMs: timeoutOf(call) + 5_000,
    signal: call.signal,
  });
}

interface Reason {
  code: ErrorCode;
  reason: string;
}

const itsTurn = ({ name }: Provider, windows: readonly CallWindow[]): Reason => ({
  code: 'upstream.limited',
  reason: `${name} is called at its highest pace (${windows.map(({ count, perMs }) => `${count} in ${perMs / 1_000} s`).join(', ')}), so this call waits for its turn.`,
});
const toldToWait = ({ name }: Provider): Reason => ({
  code: 'upstream.limited',
  reason: `${name} asked us to slow down, so nothing is sent there for a moment.`,
});

async function putOff(
  { pool }: Parts,
  { caller }: ProviderCall,
  provider: Provider,
  { code, reason, afterMs, windows }: Reason & { afterMs: number; windows: readonly CallWindow[] },
): Promise<Admission> {
  const forMs = await queue(pool, provider, { afterMs, windows });
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
  const { runId, stepId } = caller;
  return (await holdCall(pool, { workspaceId: provider.workspaceId, provider: provider.key, runId, stepId, code, forMs })).heldMs;
}

async function paused({ pool }: Parts, { caller }: ProviderCall, provider: Provider, { pauseNote }: Standing): Promise<Admission> {
  const code = 'upstream.paused';
  const heldMs = await keepHeld(pool, provider, { caller, code, forMs: pausedLook.last });
  const forMs = Math.min(pausedLook.last, Math.max(pausedLook.first, heldMs / 2));
  const note = pauseNote ? ` (“${pauseNote}”)` : '';
  return laterThan(provider, {
    code,
    forMs,
    reason: `Calls to ${provider.name} are paused by a person${note}. This one goes out when they go on.`,
  });
}

/** Open, and this call is not the one that tries. With a fallback there is nothing to wait for. */
async function down(parts: Parts, call: ProviderCall, provider: Provider): Promise<Admission> {
  const standing = await parts.standings.anew(provider);
  const afterMs = standing.isOpen ? Math.max(100, standing.probeAt - performance.now()) : 1;
  const code = 'upstream.down';
  const detail = `${provider.name} has been failing, so it is left alone for now. Nothing was sent.`;
  if (call.request.hasFallback) throw new HoldfastError(code, { detail, retryAfterMs: afterMs });
  const heldMs = await keepHeld(parts.pool, provider, { caller: call.caller, code, forMs: afterMs });
  if (heldMs > maxDownMs) throw new HoldfastError(code, { detail: `${detail} This call has waited for it for an hour.` });
  const forMs = await queue(parts.pool, provider, { afterMs, windows: windowsOf(provider, standing) });
  return laterThan(provider, { code, forMs, reason: `${provider.name} has been failing, so it is left alone; it is tried again soon.` });
}

interface Going {
  provider: Provider;
  standing: Standing;
  slot: Slot | null;
  isProbe: boolean;
}

function go(parts: Parts, call: ProviderCall, going: Going): Admission {
  const { provider, standing, slot, isProbe } = going;
  return {
    state: 'go',
    send: async (options = {}) => {
      let counted: NodeJS.Timeout | undefined;
      const onWriting = slot ? () => void (counted ??= setTimeout(() => void slot.giveBack(), parts.countedWithinMs).unref()) : undefined;
      try {
        const response = await parts.egress.request({ ...asEgressCall(call), ...options, ...(onWriting ? { onWriting } : {}) });
        await answered(parts, going, response);
        return response;
      } catch (thrown) {
        const error = asHoldfastError(thrown, 'upstream.broken');
        if (call.signal?.aborted) {
          if (isProbe) await parts.breaker.endProbe(provider, standing.opens, 'nothing').catch(() => undefined);
        } else await failed(parts, going, error).catch(() => undefined);
        throw thrown;
      } finally {
        clearTimeout(counted);
        await slot?.giveBack();
      }
    },
    giveUp: async () => {
      await slot?.giveBack({ isUnused: true });
      if (isProbe) await parts.breaker.endProbe(provider, standing.opens, 'nothing');
    },
  };
}

/** What comes after an answer must not spoil it. */
async function answered(parts: Parts, { provider, standing, isProbe }: Going, { durationMs, headers }: EgressResponse): Promise<void> {
  const { counter, breaker, pool, limitedInRow } = parts;
  counter.answered(provider, durationMs);
  if (limitedInRow.size > 0) limitedInRow.delete(nameOf(provider));
  const spentMs = exhaustedFor(headers, Date.now());
  if (spentMs !== null && spentMs > 0) await holdProvider(pool, provider, spentMs).catch(() => undefined);
  if (!isProbe) return;
  await breaker.endProbe(provider, standing.opens, 'answered').catch(() => undefined);
  await parts.standings.anew(provider);
}

async function failed(parts: Parts, going: Going, error: HoldfastError): Promise<void> {
  const { provider, standing, isProbe } = going;
  const { counter, breaker } = parts;
  if (error.code === 'upstream.limited') await slowDown(parts, going, error);
  if (isFailure(error.code)) {
    const counts = await counter.failed(provider, { ...toProblem(error) });
    if (!isProbe && !standing.isOpen && (await breaker.noteFailure(provider, counts))) await parts.standings.anew(provider);
  }
  if (!isProbe) return;
  await breaker.endProbe(provider, standing.opens, isAnswer(error.code) ? 'answered' : isFailure(error.code) ? 'failed' : 'nothing');
  await parts.standings.anew(provider);
}

/** It said 429: everybody leaves it alone for as long as it asks, and then comes more slowly. */
async function slowDown(parts: Parts, { provider, standing }: Going, error: HoldfastError): Promise<void> {
  const { pool, counter, limitedInRow } = parts;
  const timesInRow = (limitedInRow.get(nameOf(provider)) ?? 0) + 1;
  limitedInRow.set(nameOf(provider), timesInRow);
  await counter.limited(provider, { ...toProblem(error) });
  const before = await parts.standings.anew(provider);
  const pauseMs = pauseAfterLimit(provider.kind, error.retryAfterMs, timesInRow);
  if (pauseMs > 0) await holdProvider(pool, provider, pauseMs);
  // A 429 without a time may be about that call alone; and of many that were under way together the first one teaches.
  const isNews = pauseMs > 0 && before.heldUntil <= performance.now() && ownWindows(provider.kind).length === 0;
  const windows = standing.limits || !isNews ? null : learnWindow(await answeredLately(pool, provider, 10));
  if (windows) await learnLimits(pool, provider, { windows, forMs: learntForMs });
  await parts.standings.anew(provider);
}

const nameOf = ({ workspaceId, key }: Provider): string => `${workspaceId}\n${key}`;
