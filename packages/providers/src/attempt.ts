import { answeredLately, holdProvider, learnLimits, letWaitingGo } from '@holdfast/db';
import { asHoldfastError, toProblem, type HoldfastError } from '@holdfast/errors';
import { isAnswer, isFailure } from './breaker.ts';
import { exhaustedFor, lessonOf, pauseAfterLimit } from './hints.ts';
import { everyMsOf } from './limiter.ts';
import type { Going, Parts } from './parts.ts';
import type { Provider } from './provider-of.ts';
import { windowsOf } from './windows-of.ts';

/** What an answer tells of its provider. */
export interface AnswerFacts {
  durationMs: number;
  headers: Readonly<Record<string, string>>;
  /** How long to leave the provider alone, as its body says. */
  restMs?: number;
}

interface Work<T> {
  signal?: AbortSignal | undefined;
  /** Nothing but the limits hears of it. */
  isTrial?: boolean | undefined;
  /** The one attempt; says when its first byte may be on its way. */
  perform: (onWriting: () => void) => Promise<T>;
  factsOf: (answer: T) => AnswerFacts;
}

/** One attempt that was let go: what becomes of it is what the next ones are decided by. */
export async function attempt<T>(parts: Parts, going: Going, { signal, isTrial, perform, factsOf }: Work<T>): Promise<T> {
  const { provider, standing, slot, isProbe } = going;
  let counted: NodeJS.Timeout | undefined;
  const onWriting = (): void => {
    if (slot) counted ??= setTimeout(() => void slot.giveBack(), parts.countedWithinMs).unref();
  };
  try {
    const answer = await perform(onWriting);
    await (isTrial ? restAsAsked(parts, provider, factsOf(answer)) : answered(parts, going, factsOf(answer)));
    return answer;
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'upstream.broken');
    if (isTrial) await (error.code === 'upstream.limited' ? slowDown(parts, going, error).catch(() => undefined) : undefined);
    else if (!signal?.aborted) await failed(parts, going, error).catch(() => undefined);
    else if (isProbe) await parts.breaker.endProbe(provider, standing.opens, 'nothing').catch(() => undefined);
    throw thrown;
  } finally {
    clearTimeout(counted);
    void slot?.giveBack();
  }
}

/** Instead of the attempt. */
export async function giveUp({ breaker }: Parts, { provider, standing, slot, isProbe }: Going): Promise<void> {
  await slot?.giveBack({ isUnused: true });
  if (isProbe) await breaker.endProbe(provider, standing.opens, 'nothing');
}

/** What comes after an answer must not spoil it. */
export async function answered(parts: Parts, going: Going, facts: AnswerFacts): Promise<void> {
  const { counter, limitedInRow } = parts;
  const { provider, standing, isProbe } = going;
  counter.answered(provider, facts.durationMs);
  if (limitedInRow.size > 0) limitedInRow.delete(nameOf(provider));
  await restAsAsked(parts, provider, facts);
  // One that was tried although it was open says as much as a probe.
  if (!isProbe && !standing.isOpen) return;
  await isBack(parts, going).catch(() => undefined);
  await parts.standings.anew(provider);
}

async function restAsAsked(parts: Parts, provider: Provider, { headers, restMs = 0 }: AnswerFacts): Promise<void> {
  const spentMs = Math.max(restMs, exhaustedFor(headers, Date.now()) ?? 0);
  if (spentMs > 0) await rest(parts, provider, spentMs).catch(() => undefined);
}

/** It was answered: who waits for the provider comes now, one after the other. */
export async function isBack({ pool, breaker }: Parts, { provider, standing }: Going): Promise<void> {
  if (await breaker.endProbe(provider, standing.opens, 'answered'))
    await letWaitingGo(pool, { ...provider, everyMs: everyMsOf(windowsOf(provider, standing)) });
}

export async function failed(parts: Parts, going: Going, error: HoldfastError): Promise<void> {
  const { provider, standing, isProbe } = going;
  const { counter, breaker } = parts;
  if (error.code === 'upstream.limited') await slowDown(parts, going, error);
  if (isFailure(error.code)) {
    const counts = await counter.failed(provider, { ...toProblem(error) });
    if (!isProbe && !standing.isOpen && (await breaker.noteFailure(provider, counts))) await parts.standings.anew(provider);
  }
  if (!isProbe) return;
  if (isAnswer(error.code)) await isBack(parts, going);
  else await breaker.endProbe(provider, standing.opens, isFailure(error.code) ? 'failed' : 'nothing');
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
  const isNews = pauseMs > 0 && before.heldUntil <= performance.now();
  const { ofSeconds, windows: learn, forMs } = lessonOf(provider.kind, error.retryAfterMs);
  const windows = standing.limits || !isNews ? null : learn(await answeredLately(pool, provider, ofSeconds));
  if (windows) await learnLimits(pool, provider, { windows, forMs });
  await parts.standings.anew(provider);
}

async function rest({ pool, standings }: Parts, provider: Provider, forMs: number): Promise<void> {
  await holdProvider(pool, provider, forMs);
  await standings.anew(provider);
}

const nameOf = ({ workspaceId, key }: Provider): string => `${workspaceId}\n${key}`;
