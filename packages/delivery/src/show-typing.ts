import { lastInboundOf, loadSendTarget } from '@holdfast/db';
import type { DeliveryDeps } from './deps.ts';
import { openAccountOf } from './provider-call.ts';

/** Telegram shows it for 5 s, WhatsApp for 25 s or until we answer. */
const everyMs = 4_000;
const longestMs = 60_000;
/** Only to somebody who is waiting: whoever wrote lately. */
const freshMs = 10 * 60_000;

/**
 * Shows the customer that somebody is at it, until the answer is called. Best effort: nothing of it is written down, nothing waits for it and nothing fails by
 * it. Silent where the bot must be: a person holds the conversation, the channel is paused, sends are switched off.
 */
export function showTyping(deps: DeliveryDeps, talk: { workspaceId: string; conversationId: string }): () => void {
  const ended = new AbortController();
  void show(deps, talk, ended.signal).catch((error: unknown) =>
    deps.log.warn({ conversation: talk.conversationId, err: error }, 'Typing could not be shown.'),
  );
  return () => ended.abort();
}

async function show(deps: DeliveryDeps, talk: { workspaceId: string; conversationId: string }, ended: AbortSignal): Promise<void> {
  const target = await loadSendTarget(deps.pool, talk);
  const adapter = target && deps.adapters(target.kind);
  if (!target || !adapter?.showTyping || ended.aborted) return;
  const { lastInAt, now } = target;
  const isWaitedFor = lastInAt !== null && now.getTime() - lastInAt.getTime() < freshMs;
  if (!isWaitedFor || target.status !== 'active' || target.heldBy === 'person' || target.sendsPausedAt !== null) return;
  const providerMessageId = await lastInboundOf(deps.pool, talk);
  const account = openAccountOf(deps, target);
  const tick = () =>
    adapter
      .showTyping?.({
        account,
        address: target.address,
        ...(providerMessageId === null ? {} : { providerMessageId }),
        signal: AbortSignal.any([ended, AbortSignal.timeout(everyMs)]),
      })
      .catch(() => undefined);
  void tick();
  const timer = setInterval(() => void tick(), everyMs);
  const longest = setTimeout(() => clearInterval(timer), longestMs);
  ended.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(longest);
  });
}
