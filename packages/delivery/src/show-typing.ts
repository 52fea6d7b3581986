import { setTimeout as wait } from 'node:timers/promises';
import { isAtItsPace, lastInboundOf, loadSendTarget, type SendTarget } from '@holdfast/db';
import { openAccountOf } from './provider-call.ts';
import type { OwnDeps } from './unsaved.ts';

/** Only to somebody who is waiting, and no longer: so long after what they wrote last. */
const longestMs = 60_000;
/** Shown anew a little before it would vanish. */
const early = 0.8;
const mostKnown = 1_000;

/**
 * Shows the customer that somebody is at it, until the answer is called. Best effort: nothing of it is written down, nothing waits for it and nothing fails by
 * it; what is still shown is not shown again. Silent where the bot must be: a person holds the conversation, the channel is paused or left alone, sends are
 * switched off; and where the account is busy with messages.
 */
export function showTyping(deps: OwnDeps, talk: { workspaceId: string; conversationId: string }): () => void {
  const ended = new AbortController();
  void show(deps, talk, ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) deps.log.warn({ conversation: talk.conversationId, err: error }, 'Typing could not be shown.');
  });
  return () => ended.abort();
}

async function show(deps: OwnDeps, talk: { workspaceId: string; conversationId: string }, ended: AbortSignal): Promise<void> {
  const target = await loadSendTarget(deps.pool, talk);
  const adapter = target && deps.adapters(target.kind);
  const typing = adapter?.typing;
  if (!target || !typing || ended.aborted) return;
  const until = performance.now() + longestMs - (target.lastInAt ? target.now.getTime() - target.lastInAt.getTime() : longestMs);
  if (until <= performance.now() || (await mustBeSilent(deps, target))) return;
  const providerMessageId = await lastInboundOf(deps.pool, talk);
  const account = openAccountOf(deps, target);
  for (;;) {
    const inMs = (deps.typing.get(talk.conversationId) ?? 0) - performance.now();
    if (inMs > 0) await wait(inMs, undefined, { signal: ended });
    if (ended.aborted || performance.now() > until) return;
    noteShown(deps, talk.conversationId, typing.lastsMs * early);
    await typing
      .show({
        account,
        address: target.address,
        ...(providerMessageId === null ? {} : { providerMessageId }),
        signal: AbortSignal.any([ended, AbortSignal.timeout(typing.lastsMs)]),
      })
      .catch(() => undefined);
  }
}

async function mustBeSilent(deps: OwnDeps, target: SendTarget): Promise<boolean> {
  const { status, heldBy, sendsPausedAt, callsPausedAt, workspaceId, channelId, name: channelName } = target;
  if (status !== 'active' || heldBy === 'person' || sendsPausedAt !== null || callsPausedAt !== null) return true;
  return (await deps.gate?.isOpen({ workspaceId, channelId, channelName })) === true || (await isAtItsPace(deps.pool, channelId));
}

function noteShown({ typing }: OwnDeps, conversationId: string, forMs: number): void {
  const now = performance.now();
  if (typing.size >= mostKnown) for (const [known, until] of typing) if (until <= now) typing.delete(known);
  typing.set(conversationId, now + forMs);
}
