import { endpoints } from '@holdfast/contracts';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { useLiveState } from '../live/use-live.ts';

export type HealthTrouble = 'unreachable' | 'database' | 'temporal' | 'worker';

// The answer of 503 carries the same components, so this call reads the body whatever the status is.
async function trouble(signal: AbortSignal): Promise<HealthTrouble | null> {
  const response = await fetch(endpoints.health.path, { signal }).catch(() => null);
  const body = endpoints.health.response
    .or(z.null())
    .catch(null)
    .parse((await response?.json().catch(() => null)) ?? null);
  if (!body) return 'unreachable';
  const { database, temporal, worker } = body.components;
  return database.ok ? (temporal.ok ? (worker.ok ? null : 'worker') : 'temporal') : 'database';
}

/** Which part of Holdfast is down, if any. Asked rarely while events arrive, often while they don't. */
export function useHealth(): { trouble: HealthTrouble | null } {
  const isLive = useLiveState() === 'live';
  const health = useQuery({
    queryKey: [endpoints.health.path],
    queryFn: ({ signal }) => trouble(signal),
    refetchInterval: isLive ? 30_000 : 5_000,
    retry: false,
  });
  return { trouble: health.data ?? null };
}
