/** In-memory alarms for conversations that become ready; the latest time asked for holds. */
export interface ConversationTimers {
  set: (conversationId: string, inMs: number) => void;
  has: (conversationId: string) => boolean;
  stop: () => void;
}

export function createConversationTimers(ready: (conversationId: string) => void): ConversationTimers {
  const timers = new Map<string, NodeJS.Timeout>();
  let isStopped = false;
  return {
    set: (id, inMs) => {
      if (isStopped) return;
      clearTimeout(timers.get(id));
      // A few milliseconds late rather than early: the database's clock decides whether it is ready.
      const timer = setTimeout(
        () => {
          timers.delete(id);
          ready(id);
        },
        inMs <= 0 ? 0 : inMs + 5,
      );
      timers.set(id, timer);
    },
    has: (id) => timers.has(id),
    stop: () => {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
