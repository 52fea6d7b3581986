import type { Handoff } from '@holdfast/contracts';
import { useSession } from '../../client/session.ts';
import type { Holder } from '../talk/holder-bar.tsx';

/** Who answers a handed-over conversation, seen by the signed-in person. */
export function useHolderOf({ status, claimedBy }: Pick<Handoff, 'status' | 'claimedBy'>): Holder {
  const user = useSession()?.user;
  if (status === 'returned') return 'bot';
  if (status === 'closed') return 'ended';
  if (status === 'open' || claimedBy === null) return 'waiting';
  return claimedBy === user?.id || claimedBy === user?.name ? 'me' : 'other';
}
