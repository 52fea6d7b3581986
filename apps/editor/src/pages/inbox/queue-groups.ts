import type { Handoff } from '@holdfast/contracts';

export interface QueueGroup {
  name: 'waiting' | 'held' | 'ended';
  items: Handoff[];
}

/** Who waits for anybody first, longest first; then what people hold, the latest first. Empty groups are left out. */
export function queueGroups(handoffs: readonly Handoff[]): QueueGroup[] {
  const waiting = handoffs.filter(({ status }) => status === 'open').toSorted((a, b) => a.openedAt.localeCompare(b.openedAt));
  const held = handoffs
    .filter(({ status }) => status === 'claimed')
    .toSorted((a, b) => (b.claimedAt ?? b.openedAt).localeCompare(a.claimedAt ?? a.openedAt));
  const groups: QueueGroup[] = [
    { name: 'waiting', items: waiting },
    { name: 'held', items: held },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
