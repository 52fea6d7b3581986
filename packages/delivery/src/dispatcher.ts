import { dueHumanSends, forgetOldCounts, giveUpLostSends, notifyLive, type QueuedSend } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { problemOf, unknownError } from './provider-call.ts';
import { noticeSameReplies } from './same-replies.ts';
import { sendHuman } from './send-human.ts';
import { saveHumanKnowledge, type OwnDeps } from './unsaved.ts';

const lookEveryMs = 500;
const sweepEveryMs = 5_000;
const tidyEveryMs = 3_600_000;
const noticeEveryMs = 5 * 60_000;
const batch = 20;

export interface Dispatcher {
  /** Ends when what is on its way has arrived. */
  stop: () => Promise<void>;
  /** Somebody wrote: look now. */
  ring: () => void;
}

/** Sends what people wrote, with nothing but PostgreSQL and the provider up. */
export function startDispatcher(deps: OwnDeps): Dispatcher {
  const underway = new Map<string, Promise<void>>();
  let isStopped = false;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let sweptAt = 0;
  let tidiedAt = Date.now();
  let noticedAt = Date.now();

  const look = async (): Promise<void> => {
    await saveHumanKnowledge(deps, (conversationId) => underway.has(conversationId));
    if (Date.now() - sweptAt >= sweepEveryMs) {
      sweptAt = Date.now();
      await giveUpOnLost(deps);
    }
    if (Date.now() - tidiedAt >= tidyEveryMs) {
      tidiedAt = Date.now();
      await forgetOldCounts(deps.pool);
    }
    if (Date.now() - noticedAt >= noticeEveryMs) {
      noticedAt = Date.now();
      await noticeSameReplies(deps);
    }
    const due = await dueHumanSends(deps.pool, batch);
    for (const queued of due) if (!underway.has(queued.conversationId)) begin(queued);
  };
  const begin = (queued: QueuedSend) => {
    const sending = sendHuman(deps, queued)
      .then((isDone) => {
        underway.delete(queued.conversationId);
        // Its next piece, or the person's next message, is due at once.
        if (isDone) ring();
      })
      .catch((error: unknown) => {
        underway.delete(queued.conversationId);
        deps.log.error({ key: queued.key, err: error }, 'A person’s message could not be sent; it stays in the queue.');
      });
    underway.set(queued.conversationId, sending);
  };
  const ring = () => {
    if (isStopped) return;
    if (looking) {
      schedule(0, true);
      return;
    }
    if (timer) clearTimeout(timer);
    timer = null;
    looking = look()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'The queue of people’s messages could not be read; trying again.'))
      .finally(() => {
        looking = null;
        schedule(wantsAgain ? 0 : lookEveryMs, false);
        wantsAgain = false;
      });
  };
  let wantsAgain = false;
  const schedule = (inMs: number, isAgain: boolean) => {
    if (isAgain) {
      wantsAgain = true;
      return;
    }
    if (!isStopped && !timer)
      timer = setTimeout(() => {
        timer = null;
        ring();
      }, inMs);
  };
  ring();
  return {
    ring,
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await looking;
      await Promise.all(underway.values());
    },
  };
}

async function giveUpOnLost(deps: OwnDeps): Promise<void> {
  const cause = new HoldfastError('upstream.ambiguous', {
    detail: 'The process that sent this message stopped before the provider’s answer was saved.',
  });
  const lost = await giveUpLostSends(deps.pool, problemOf(unknownError(cause)));
  for (const { key, workspaceId, conversationId } of lost) {
    deps.log.warn({ key }, 'A send was cut by the end of its process; nobody knows whether it arrived.');
    notifyLive(deps.pool, workspaceId, { kind: 'message', conversation: conversationId });
  }
}
