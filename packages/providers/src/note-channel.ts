import { toProblem, type ErrorCode, type HoldfastError } from '@holdfast/errors';
import { isFailure } from './breaker.ts';
import type { CallCounter } from './call-counts.ts';
import type { Provider } from './provider-of.ts';

/** A message that went out by a channel, which has limits of its own and no breaker. */
export interface ChannelSend {
  workspaceId: string;
  channelId: string;
  channelName: string;
  durationMs: number;
  /** Null: it was taken. */
  error: HoldfastError | null;
}

/** The channel is in trouble, and not the message. */
const troubles: ReadonlySet<ErrorCode> = new Set(['channel.token', 'send.unknown']);

/** Counts what became of it, so that people see how the channel does; a send never waits for that, nor fails by it. */
export function noteChannelSend(counter: CallCounter, { workspaceId, channelId, channelName: name, durationMs, error }: ChannelSend): void {
  const provider: Provider = { workspaceId, key: `channel:${channelId}`, kind: 'channel', name };
  const isTrouble = error !== null && (isFailure(error.code) || troubles.has(error.code));
  if (error?.code === 'upstream.limited') counter.limited(provider, { ...toProblem(error) }).catch(() => undefined);
  else if (isTrouble) counter.failed(provider, { ...toProblem(error) }).catch(() => undefined);
  else counter.answered(provider, durationMs);
}
