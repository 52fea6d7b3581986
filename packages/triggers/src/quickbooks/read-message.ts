import { HoldfastError } from '@holdfast/errors';
import { z } from 'zod';
import type { ConnectionEvent } from '../take-events.ts';
import { entities, operations, recordEvent, type Operation } from './record-event.ts';

/** Something happened to a record of a company. */
export interface CompanyEvent {
  realmId: string;
  event: ConnectionEvent;
}

const cloudEvents = z.array(
  z.object({
    id: z.string(),
    type: z.string(),
    time: z.string(),
    intuitentityid: z.string(),
    intuitaccountid: z.string(),
    data: z.looseObject({}).nullish(),
  }),
);
const notifications = z.object({
  eventNotifications: z.array(
    z.object({
      realmId: z.string(),
      dataChangeEvent: z.object({
        entities: z.array(
          z.object({ name: z.string(), id: z.string(), operation: z.string(), lastUpdated: z.string(), deletedId: z.string().nullish() }),
        ),
      }),
    }),
  ),
});

const pastTense: Readonly<Record<string, Operation>> = {
  created: 'Create',
  updated: 'Update',
  deleted: 'Delete',
  voided: 'Void',
  merged: 'Merge',
  emailed: 'Emailed',
};

/** Either shape that Intuit sends: CloudEvents, or the older `eventNotifications`. What no flow can ask for is left out. Throws request.invalid. */
export function readBooksMessage(body: unknown, now: Date): CompanyEvent[] {
  const current = cloudEvents.safeParse(body);
  if (current.success) return current.data.flatMap((each) => fromCloudEvent(each, now));
  const older = notifications.safeParse(body);
  if (!older.success)
    throw new HoldfastError('request.invalid', { detail: 'This is no message of QuickBooks in either of the two forms that it has.' });
  return older.data.eventNotifications.flatMap(({ realmId, dataChangeEvent }) =>
    dataChangeEvent.entities.flatMap(({ name, id, operation, lastUpdated, deletedId }) => {
      const known = operations.find((each) => each === operation);
      return known
        ? eventOf(realmId, { name, id, operation: known, at: lastUpdated, mergedId: deletedId ?? null, eventId: null }, now)
        : [];
    }),
  );
}

function fromCloudEvent(given: z.infer<typeof cloudEvents>[number], now: Date): CompanyEvent[] {
  const [, name = '', done = ''] = /^qbo\.([a-z]+)\.([a-z]+)\.v\d+$/i.exec(given.type) ?? [];
  const operation = pastTense[done.toLowerCase()];
  if (!operation) return [];
  const merged = given.data?.['deletedid'];
  const mergedId = typeof merged === 'string' ? merged : null;
  return eventOf(
    given.intuitaccountid,
    { name, id: given.intuitentityid, operation, at: given.time, mergedId, eventId: given.id.slice(0, 200) },
    now,
  );
}

interface Told {
  name: string;
  id: string;
  operation: Operation;
  at: string;
  mergedId: string | null;
  eventId: string | null;
}

function eventOf(realmId: string, { name, id, operation, at, mergedId, eventId }: Told, now: Date): CompanyEvent[] {
  const entity = entities.find((each) => each.toLowerCase() === name.toLowerCase());
  if (!entity) return [];
  const told = new Date(at);
  const happenedAt = Number.isNaN(told.getTime()) ? now : told;
  return [{ realmId, event: recordEvent({ entity, id, operation, realmId, happenedAt, mergedId, eventId, cameBy: 'told' }) }];
}
