import type { RunSession } from './run-session.ts';

/** What the customer sees while a step takes its time. */
export interface Typing {
  /** Somebody else's turn, pause or pace is waited for: nobody is at it meanwhile. */
  idle: <T>(wait: () => Promise<T>) => Promise<T>;
  end: () => void;
}

/** What takes no longer than this looks like an answer at once. */
const typesAfterMs = 500;

const none: Typing = { idle: (wait) => wait(), end: () => undefined };

/** A step that takes its time shows the customer that somebody is typing. */
export function startTyping({ deps, run, journal }: Pick<RunSession, 'deps' | 'run' | 'journal'>): Typing {
  const { conversationId, workspaceId } = run;
  const { showTyping } = deps.delivery;
  // Versions from before the setting have none: they type too.
  if (!conversationId || !showTyping || journal.plan.file.settings.typing === false) return none;
  let stop = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  let idle = 0;
  const begin = (): void => {
    timer = setTimeout(() => (stop = showTyping({ workspaceId, conversationId })), typesAfterMs);
  };
  const cease = (): void => {
    clearTimeout(timer);
    stop();
    stop = () => undefined;
  };
  begin();
  return {
    idle: async (wait) => {
      idle += 1;
      cease();
      try {
        return await wait();
      } finally {
        idle -= 1;
        if (idle === 0) begin();
      }
    },
    end: () => {
      idle = Number.POSITIVE_INFINITY;
      cease();
    },
  };
}
