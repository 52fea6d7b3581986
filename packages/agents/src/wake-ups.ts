import { listen, type Pool, type Subscription } from '@holdfast/db';

/** `work`: a call waits for the agent of this id · `ends`: the call of this id has ended. */
const channels = { work: 'holdfast_agent_work', ends: 'holdfast_agent_ends' } as const;
type Kind = keyof typeof channels;

/** Tells all processes, after the commit. A word that gets lost costs a moment: who waits looks for himself now and then. */
export const tell = (pool: Pool, kind: Kind, id: string): void =>
  void pool.query('select pg_notify($1, $2)', [channels[kind], id]).catch(() => undefined);

export interface WakeUps {
  /** Resolves when this id is told, all are to look, the signal comes, or after `atMostMs`. */
  wait: (id: string, options: { atMostMs: number; signal?: AbortSignal }) => { woken: Promise<void>; cancel: () => void };
  close: () => Promise<void>;
}

/** Hears what `tell` says, of all processes; listens from the first wait on. */
export function createWakeUps(pool: Pool, kind: Kind): WakeUps {
  const waiting = new Map<string, Set<() => void>>();
  let subscription: Subscription | null = null;
  const wake = (id: string) => waiting.get(id)?.forEach((each) => each());
  const wakeAll = () => waiting.forEach((_, id) => wake(id));
  const start = () => {
    const { connectionString } = pool.options;
    if (subscription || connectionString === undefined) return;
    subscription = listen({ databaseUrl: connectionString, channel: channels[kind], onPayload: wake, onGap: wakeAll });
  };
  return {
    wait: (id, { atMostMs, signal }) => {
      start();
      let end = (): void => undefined;
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(() => end(), atMostMs);
        end = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          const here = waiting.get(id);
          here?.delete(end);
          if (here?.size === 0) waiting.delete(id);
          resolve();
        };
        const here = waiting.get(id) ?? new Set();
        waiting.set(id, here.add(end));
        signal?.addEventListener('abort', end);
      });
      return { woken, cancel: () => end() };
    },
    close: async () => {
      wakeAll();
      await subscription?.close();
    },
  };
}
