import type { ConnectionEvent } from '../take-events.ts';

export const entities = ['Customer', 'Item', 'Invoice', 'Estimate', 'Payment'] as const;
export type BooksEntity = (typeof entities)[number];
export const operations = ['Create', 'Update', 'Delete', 'Void', 'Merge', 'Emailed'] as const;
export type Operation = (typeof operations)[number];

export interface RecordHappening {
  entity: BooksEntity;
  id: string;
  operation: Operation;
  realmId: string;
  happenedAt: Date;
  mergedId: string | null;
  eventId: string | null;
  cameBy: 'told' | 'read';
}

/**
 * QuickBooks tells which record changed and not what it became, so that a flow looks it up. Therefore what is not newer than a known change of the same
 * kind brings nothing: whoever looked it up since has seen it. A record is made and deleted once.
 */
export function recordEvent({ entity, id, operation, realmId, happenedAt, mergedId, eventId, cameBy }: RecordHappening): ConnectionEvent {
  const isOnce = operation === 'Create' || operation === 'Delete';
  return {
    topic: entity,
    subject: `${operation}/${id}`,
    version: isOnce ? '' : String(happenedAt.getTime()),
    deliveryId: null,
    eventId,
    cameBy,
    happenedAt,
    newerCovers: !isOnce,
    fits: ({ operations: wanted }) => Array.isArray(wanted) && wanted.includes(operation),
    input: {
      entity,
      operation,
      id,
      company: realmId,
      happenedAt: happenedAt.toISOString(),
      isCaughtUp: cameBy === 'read',
      mergedId,
    },
  };
}
