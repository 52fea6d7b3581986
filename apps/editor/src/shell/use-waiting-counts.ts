import { endpoints } from '@holdfast/contracts';
import { useEffect } from 'react';
import { useRead } from '../client/use-call.ts';
import { titleStore } from '../parts/title-store.ts';

/** The call that rail and inbox share, so that they never disagree. */
export const activeHandoffs = { query: { status: 'active', limit: 100 } } as const;

/** What waits for a person: unclaimed handoffs and runs that need attention. Also shown in the browser's tab. */
export function useWaitingCounts(): { inbox: number; runs: number } {
  const handoffs = useRead(endpoints.listHandoffs, activeHandoffs);
  const runs = useRead(endpoints.runCounts, {});
  const counts = {
    inbox: handoffs.data?.items.filter(({ status }) => status === 'open').length ?? 0,
    runs: runs.data?.byStatus['attention'] ?? 0,
  };
  const count = counts.inbox + counts.runs;
  useEffect(() => {
    titleStore.setState({ count });
  }, [count]);
  return counts;
}
