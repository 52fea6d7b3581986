import { setTimeout as pause } from 'node:timers/promises';
import { isHeldBeforeDrain, releaseCall, type CallWindow, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { EgressRequest } from '@holdfast/node-kit';
import type { Admission, Gate, ProviderCall, WayOut } from './admission.ts';
import { cacheEntryOf, throughCache } from './answer-cache.ts';
import { attempt, giveUp } from './attempt.ts';
import { createBreaker, firstProbeMs as usualProbeMs, type BreakerNews } from './breaker.ts';
import { createCallCounter } from './call-counts.ts';
import { down, itsTurn, outOfPoints, paused, putOff, toldToWait, type Reason } from './hold-back.ts';
import { createLimiter, makeRoom, type Slot } from './limiter.ts';
import type { Going, Parts } from './parts.ts';
import { createPoints } from './points.ts';
import { providerNamed, providerOf, type Provider } from './provider-of.ts';
import { createSendGate, type SendGate } from './send-gate.ts';
import { refuseThrottled, restAfterShopify } from './shopify-cost.ts';
import { createStandings, usuallyFreshMs, type Standing } from './standings.ts';
import { tellPeople } from './tell-people.ts';
import { windowsOf } from './windows-of.ts';

export interface ProvidersOptions {
  pool: Pool;
  egress: WayOut;
  /** Who tells people; by alerts when left out. */
  news?: BreakerNews;
  /**
   * From a call's first byte until its provider has surely counted it, answered or not: 100 ms when left out. An answer that comes sooner ends it, so a
   * limit is kept strictly there, and nine tenths of it can be used however slow the provider is.
   */
  countedWithinMs?: number;
  /** Until a provider that is down is tried for the first time; twice as long after each failure. 2 s when left out. */
  firstProbeMs?: number;
  /** How old the copy of what is decided by may be; a second when left out. */
  copyIsFreshMs?: number;
  random?: () => number;
}

/** A call by a client of its own. */
interface GuardedCall {
  provider: Provider;
  /** As of calls: a person tries it by hand. */
  isTrial?: boolean | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Providers extends Gate {
  /**
   * Pause, breaker and limits of a provider for a call by another client (a model's SDK). Throws upstream.paused, upstream.down and upstream.limited when it
   * can't go now.
   */
  guard: <T>(
    call: Omit<GuardedCall, 'provider'> & {
      workspaceId: string;
      key: string;
      /** As people know the account; else what stands in the key. */ name?: string;
    },
    perform: () => Promise<T>,
    headersOf?: (answer: T) => Readonly<Record<string, string>>,
  ) => Promise<T>;
  /** The same breaker for messages that go out by channels. */
  sends: SendGate;
  /** Writes what was counted. */
  close: () => Promise<void>;
}

/** A call may wait so long for its slot in its process, and at most for a quarter of its own time. */
const waitsHereMs = 2_000;
/** Who was told to wait comes back at that very moment, by another clock. */
const momentMs = 250;
const defaultTimeoutMs = 30_000;
/** The next call of work that has begun waits so long in its process, before all others. */
const goesOnMs = 10_000;
const beforeAll = new Date(0);

/** What stands between calls and egress: pause, limits and breaker of each provider, shared by all processes through PostgreSQL. */
export function createProviders({
  pool,
  egress,
  news = tellPeople(pool),
  countedWithinMs = 100,
  firstProbeMs = usualProbeMs,
  copyIsFreshMs = usuallyFreshMs,
  random = Math.random,
}: ProvidersOptions): Providers {
  const counter = createCallCounter({ pool });
  const standings = createStandings({ pool, freshMs: copyIsFreshMs });
  const breaker = createBreaker({ pool, news, firstMs: firstProbeMs, random });
  const limiter = createLimiter({ pool });
  const points = createPoints({ pool });
  const parts: Parts = { pool, egress, standings, counter, breaker, limiter, points, countedWithinMs, limitedInRow: new Map() };
  return {
    admit: (call) => admit(parts, call),
    guard: ({ workspaceId, key, name, ...call }, perform, headersOf = () => ({})) => {
      const provider = providerNamed(workspaceId, key);
      return guarded(parts, { ...call, provider: { ...provider, name: name ?? provider.name } }, { perform, headersOf });
    },
    sends: createSendGate(parts),
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

interface Bounds {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Null for a call that comes for the first time. */
  turn: Date | null;
  goesWith?: string | undefined;
  /** Its work has begun: a call before it went out. */
  goesOn?: boolean | undefined;
  isTrial?: boolean | undefined;
  /** It waited already when people asked to take nothing new: what waited then is finished. */
  isBeforeDrain: () => Promise<boolean>;
  /** Where its cost may count. */
  request?: EgressRequest;
}

/** A call that was kept before, or whose step was tried before, goes ahead of those that come now. */
const turnOf = ({ kept, caller }: ProviderCall): Date | null => kept?.since ?? (caller?.isUnderWay ? caller.turn : null);

const isBeforeDrain = async ({ pool }: Parts, { kept, caller, request }: ProviderCall): Promise<boolean> =>
  kept !== undefined || request.goesOn === true || (caller?.wasHeld === true && (await isHeldBeforeDrain(pool, caller)));

type Room =
  | { state: 'go'; going: Going }
  | { state: 'paused'; standing: Standing }
  | { state: 'down' }
  | { state: 'later'; why: Reason; afterMs: number };

/** Whether one more call may go to the provider: by people, by what it asked for, by its breaker, and by its limits. */
async function roomAt(parts: Parts, provider: Provider, bounds: Bounds): Promise<Room> {
  const { standings, breaker } = parts;
  let standing = await standings.of(provider);
  // Who is rung because it goes on must not find a copy from before.
  if (standing.isPaused || standing.isDraining) standing = await standings.anew(provider);
  if (standing.isPaused || (standing.isDraining && !(await bounds.isBeforeDrain()))) return { state: 'paused', standing };
  const heldMs = standing.heldUntil - performance.now();
  if (heldMs > (bounds.goesOn ? goesOnMs : momentMs)) return { state: 'later', why: toldToWait(provider), afterMs: heldMs };
  if (heldMs > 0) await pause(heldMs);
  const { timeoutMs = defaultTimeoutMs } = bounds;
  const isLeftAlone = standing.isOpen && !bounds.isTrial;
  const isProbe = isLeftAlone && standing.probeAt <= performance.now() && (await breaker.claimProbe(provider, timeoutMs + 5_000));
  if (isLeftAlone && !isProbe) return { state: 'down' };
  const windows = windowsOf(provider, standing);
  const room = await takeSlot(parts, provider, { ...bounds, windows, timeoutMs });
  if ('slot' in room) {
    const going = { provider, standing, slot: room.slot, isProbe };
    const inMs = bounds.request ? await parts.points.take(provider, bounds.request) : 0;
    if (inMs === 0) return { state: 'go', going };
    await giveUp(parts, going);
    return { state: 'later', why: outOfPoints(provider), afterMs: inMs };
  }
  if (isProbe) await breaker.endProbe(provider, standing.opens, 'nothing');
  return { state: 'later', why: itsTurn(provider, windows), afterMs: room.inMs };
}

async function admitTo(parts: Parts, call: ProviderCall, provider: Provider): Promise<Admission> {
  const { request, signal } = call;
  const turn = turnOf(call);
  const room = await roomAt(parts, provider, {
    timeoutMs: request.timeoutMs,
    signal,
    turn,
    goesWith: call.caller?.goesWith,
    goesOn: request.goesOn,
    isTrial: call.isTrial,
    isBeforeDrain: () => isBeforeDrain(parts, call),
    request,
  });
  const windows = async () => windowsOf(provider, await parts.standings.of(provider));
  switch (room.state) {
    case 'paused':
      return paused(parts, call, provider, room.standing);
    case 'down':
      return down(parts, call, provider, await windows());
    case 'later':
      return putOff(parts, call, provider, { ...room.why, afterMs: room.afterMs, windows: await windows(), turn });
    case 'go':
      return letGo(parts, call, room.going);
  }
}

const letGo = (parts: Parts, call: ProviderCall, going: Going): Admission => ({
  state: 'go',
  send: (options = {}) =>
    attempt(parts, going, {
      signal: call.signal,
      isTrial: call.isTrial,
      perform: async (onWriting) => {
        const response = await (call.perform?.(onWriting) ?? parts.egress.request({ ...asEgressCall(call), ...options, onWriting }));
        await parts.points.learn(going.provider, call.request, response.body).catch(() => undefined);
        if (going.provider.kind === 'shopify') refuseThrottled(going.provider.name, response.body);
        return response;
      },
      factsOf: (response) => ({ ...response, restMs: going.provider.kind === 'shopify' ? restAfterShopify(response.body) : 0 }),
    }),
  giveUp: () => giveUp(parts, going),
});

/** As for calls of a client of its own: what can't go now fails, so that its caller may do something else. */
async function guarded<T>(
  parts: Parts,
  { provider, timeoutMs, signal, isTrial }: GuardedCall,
  { perform, headersOf }: { perform: () => Promise<T>; headersOf: (answer: T) => Readonly<Record<string, string>> },
): Promise<T> {
  const room = await roomAt(parts, provider, { timeoutMs, signal, isTrial, turn: null, isBeforeDrain: async () => false });
  if (room.state === 'go') {
    const startedAt = performance.now();
    const factsOf = (answer: T) => ({ durationMs: performance.now() - startedAt, headers: headersOf(answer) });
    return attempt(parts, room.going, { signal, isTrial, perform: (onWriting) => (onWriting(), perform()), factsOf });
  }
  if (room.state === 'paused')
    throw new HoldfastError('upstream.paused', { detail: say`Calls to ${provider.name} are paused by a person. Nothing was sent.` });
  if (room.state === 'down')
    throw new HoldfastError('upstream.down', {
      detail: say`${provider.name} has been failing, so it is left alone for now. Nothing was sent.`,
    });
  throw new HoldfastError(room.why.code, { detail: room.why.reason, retryAfterMs: room.afterMs });
}

/** Without limits, breaker, pause and cache: every call goes at once. */
export const ungated = (egress: WayOut): Gate => ({ admit: async (call) => plainly({ egress }, call) });

/** Its address can't be read, so it belongs to no provider; egress says what is wrong with it. */
const plainly = ({ egress }: Pick<Parts, 'egress'>, call: ProviderCall): Admission => ({
  state: 'go',
  send: (options = {}) => call.perform?.(() => undefined) ?? egress.request({ ...asEgressCall(call), ...options }),
  giveUp: async () => undefined,
});

function asEgressCall({ request, credential, signal }: ProviderCall): Parameters<WayOut['request']>[0] {
  const { credential: _reference, ...call } = request;
  return { ...call, ...(credential ? { resolvedCredential: credential } : {}), ...(signal ? { signal } : {}) };
}

async function takeSlot(
  { pool, limiter }: Parts,
  provider: Provider,
  { windows, timeoutMs, turn, goesOn = false, goesWith, signal }: Bounds & { windows: readonly CallWindow[]; timeoutMs: number },
): Promise<{ slot: Slot | null } | { inMs: number }> {
  if (windows.length === 0) return { slot: null };
  await makeRoom(pool, provider);
  const maxWaitMs = goesOn ? goesOnMs : Math.min(waitsHereMs, timeoutMs / 4);
  return limiter.take(provider, { windows, turn: goesOn ? beforeAll : turn, goesWith, signal, maxWaitMs, holdMs: timeoutMs + 5_000 });
}
