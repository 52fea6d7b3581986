import { liveEvent, type LiveEvent } from '@holdfast/contracts';
import { createStore } from 'zustand/vanilla';

export type LiveState = 'connecting' | 'live' | 'lost';

export interface LiveConnection {
  state: LiveState;
  /** When the connection was last open; what changed since is asked for again. */
  lostAt: number | null;
}

const kinds: readonly LiveEvent['kind'][] = ['run', 'step', 'message', 'handoff', 'flow', 'channel', 'settings'];
const retryMs = [500, 1_000, 2_000, 5_000, 10_000] as const;

export const liveStore = createStore<LiveConnection>(() => ({ state: 'connecting', lostAt: null }));

const listeners = new Set<(event: LiveEvent) => void>();
/** Hears every live event; returns the way to stop. */
export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const tell = (message: MessageEvent<string>): void => {
  const parsed = liveEvent.safeParse(JSON.parse(message.data));
  if (parsed.success) for (const listener of listeners) listener(parsed.data);
};

/**
 * Opens the stream and keeps it open: the browser resumes after a dropped connection by itself, but gives up after an
 * error answer, so that part is ours. `onResumed` is called after a gap, when events may have been missed.
 */
export function openLive(onResumed: () => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;

  const connect = () => {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      tries = 0;
      const hadGap = liveStore.getState().lostAt !== null;
      liveStore.setState({ state: 'live', lostAt: null });
      if (hadGap) onResumed();
    });
    source.addEventListener('error', () => {
      const { lostAt } = liveStore.getState();
      liveStore.setState({ state: 'lost', lostAt: lostAt ?? Date.now() });
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retryMs[Math.min(tries++, retryMs.length - 1)]);
    });
    for (const kind of kinds) source.addEventListener(kind, tell);
    // The server itself was deaf for a moment, while our stream stayed open.
    source.addEventListener('gap', onResumed);
  };
  connect();

  return () => {
    clearTimeout(timer);
    source?.close();
    liveStore.setState({ state: 'connecting', lostAt: null });
  };
}
