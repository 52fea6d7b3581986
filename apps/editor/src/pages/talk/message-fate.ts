import type { Message } from '@holdfast/contracts';

export type Fate = 'pending' | 'sent' | 'delivered' | 'read' | 'refused' | 'unknown' | 'cancelled';

const fates: Record<string, Fate> = {
  planned: 'pending',
  queued: 'pending',
  dispatching: 'pending',
  pending: 'pending',
  accepted: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  rejected: 'refused',
  refused: 'refused',
  failed: 'refused',
  unknown: 'unknown',
  cancelled: 'cancelled',
};

/** What became of a message that went out; null for what came in and for a state we don't know. */
export const messageFate = ({ direction, status }: Pick<Message, 'direction' | 'status'>): Fate | null =>
  direction === 'in' ? null : (fates[status] ?? null);
