import type { LiveEvent } from '@holdfast/contracts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { useStore } from 'zustand';
import { liveStore, onLive, openLive, type LiveState } from './live-connection.ts';
import { touchedBy } from './touched-endpoints.ts';

// A busy run tells of every step; one refetch per moment is enough.
const coalesceMs = 250;

function refreshOnLive(client: QueryClient): () => void {
  const waiting = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of waiting.values()) void client.invalidateQueries({ queryKey });
    waiting.clear();
  };
  const stop = onLive((event) => {
    for (const { endpoint, id } of touchedBy(event)) {
      const key = id === undefined ? [endpoint.path] : [endpoint.path, { id }];
      waiting.set(JSON.stringify(key), key);
    }
    timer ??= setTimeout(flush, coalesceMs);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Opens the live stream for as long as the signed-in pages are shown. Used once, by the shell. */
export function useLiveStream(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stopRefreshing = refreshOnLive(client);
    const close = openLive(() => void client.invalidateQueries());
    return () => {
      stopRefreshing();
      close();
    };
  }, [client]);
}

/** Whether events arrive: `connecting`, `live`, or `lost`. */
export const useLiveState = (): LiveState => useStore(liveStore, ({ state }) => state);

/** Hears every live event while the component is shown. */
export function useOnLive(listener: (event: LiveEvent) => void): void {
  const heard = useEffectEvent(listener);
  useEffect(() => onLive((event) => heard(event)), []);
}
