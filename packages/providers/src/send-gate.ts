import { takePlaceInLine } from '@holdfast/db';
import { type ErrorCode, HoldfastError, say, toProblem, type Words } from '@holdfast/errors';
import { answered, failed, giveUp, isBack } from './attempt.ts';
import { isFailure } from './breaker.ts';
import { everyMsOf } from './limiter.ts';
import type { Going, Parts } from './parts.ts';
import type { Provider } from './provider-of.ts';

/** A channel whose message is to go out. */
export interface SendingChannel {
  workspaceId: string;
  channelId: string;
  channelName: string;
}

export type SendRoom =
  | {
      state: 'go';
      /** The one attempt; throws what it throws. */
      send: <T>(perform: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
      /** Instead of `send`, when the message does not go after all. */
      giveUp: () => Promise<void>;
    }
  | { state: 'later'; inMs: number; code: ErrorCode; reason: Words };

/** The breaker of channels. Pace and pause of a channel are decided elsewhere: its throttler knows whether a chat is meant or the account. */
export interface SendGate {
  /** `isAnyway`: it is tried even while the provider is left alone, as what a person has just written; when it is taken, the provider is back. */
  admit: (channel: SendingChannel, options?: { isAnyway?: boolean }) => Promise<SendRoom>;
  isOpen: (channel: SendingChannel) => Promise<boolean>;
}

/** Longer than a send lasts, its wait for a turn included: until then nobody else tries. */
const probeHoldMs = 120_000;
/** Whoever is rung to try, or the one instead of it, goes before those that come by themselves: before the one, that is, that has just tried in vain. */
const rungFirstMs = 2_000;
/** Below the channel’s own breaker, a mail relay has one: no message was tried, and nothing is better than before. */
const stillDown: ReadonlySet<ErrorCode> = new Set(['upstream.down', 'upstream.paused']);
/** The channel is in trouble, and not the message; what to do about it is known without a breaker. */
const troubles: ReadonlySet<ErrorCode> = new Set(['channel.token', 'send.unknown']);

export function createSendGate(parts: Parts): SendGate {
  return {
    admit: (channel, { isAnyway = false } = {}) => admit(parts, providerOfChannel(channel), isAnyway),
    isOpen: async (channel) => (await parts.standings.of(providerOfChannel(channel))).isOpen,
  };
}

const providerOfChannel = ({ workspaceId, channelId, channelName: name }: SendingChannel): Provider => ({
  workspaceId,
  key: `channel:${channelId}`,
  kind: 'channel',
  name,
});

async function admit(parts: Parts, provider: Provider, isAnyway: boolean): Promise<SendRoom> {
  const { standings, breaker, pool } = parts;
  const standing = await standings.of(provider);
  const isProbe = standing.isOpen && standing.probeAt <= performance.now() && (await breaker.claimProbe(provider, probeHoldMs));
  if (isProbe || isAnyway || !standing.isOpen) return letGo(parts, { provider, standing, slot: null, isProbe });
  const { isOpen, opens, probeAt } = await standings.anew(provider);
  const afterMs = isOpen ? Math.max(100, probeAt - performance.now()) + (opens > 1 ? rungFirstMs : 0) : 1;
  return {
    state: 'later',
    code: 'upstream.down',
    reason: say`Messages by the channel "${provider.name}" do not go out at the moment: its provider has been failing. This one goes out by itself when it answers again.`,
    inMs: Math.ceil(await takePlaceInLine(pool, { key: `${provider.workspaceId}/${provider.key}/~line`, everyMs: everyMsOf([]), afterMs })),
  };
}

function letGo(parts: Parts, going: Going): SendRoom {
  return {
    state: 'go',
    send: async (perform, signal) => {
      const startedAt = performance.now();
      const durationMs = () => performance.now() - startedAt;
      let result: Awaited<ReturnType<typeof perform>>;
      try {
        result = await perform();
      } catch (thrown) {
        // What we cut off ourselves, and what went wrong in our own code, is not the provider's doing.
        const error = thrown instanceof HoldfastError && !signal?.aborted ? thrown : null;
        await notTaken(parts, going, { error, durationMs: durationMs() }).catch(() => undefined);
        throw thrown;
      }
      await answered(parts, going, { durationMs: durationMs(), headers: {} }).catch(() => undefined);
      return result;
    },
    giveUp: () => giveUp(parts, going).catch(() => undefined),
  };
}

/** What one person's refusal, or a limit, says of the provider: that it lives. Nothing here costs the send anything. */
async function notTaken(
  parts: Parts,
  going: Going,
  { error, durationMs }: { error: HoldfastError | null; durationMs: number },
): Promise<void> {
  const { counter, breaker, standings } = parts;
  const { provider, standing, isProbe } = going;
  if (error === null) return await giveUp(parts, going);
  if (isFailure(error.code)) return await failed(parts, going, error);
  if (error.code === 'upstream.limited') {
    await counter.limited(provider, { ...toProblem(error) });
    if (!standing.isOpen) return;
    await isBack(parts, going);
  } else {
    if (troubles.has(error.code)) await counter.failed(provider, { ...toProblem(error) });
    else if (!stillDown.has(error.code)) counter.answered(provider, durationMs);
    if (!isProbe) return;
    // Our own rules refuse too, before anything is written: that the provider is back is known when it takes a message.
    await breaker.endProbe(provider, standing.opens, stillDown.has(error.code) ? 'failed' : 'nothing');
  }
  await standings.anew(provider);
}
