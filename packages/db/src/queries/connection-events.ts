import type { FlowFile } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** So long it is remembered what came. Nothing older is read again. */
export const eventsKeptDays = 60;

export interface ConnectionTrigger {
  flowId: string;
  versionId: string;
  nodeId: string;
  config: JsonObject;
  file: Pick<FlowFile, 'settings'>;
}

/** Live triggers that listen to a topic of a connection, in the order set by staff. */
export async function listeningTriggers(
  db: Queryable,
  args: { workspaceId: string; credentialId: string; topic: string },
): Promise<ConnectionTrigger[]> {
  const { rows } = await db.query<ConnectionTrigger>({
    name: 'listening-triggers',
    text: `select t.flow_id as "flowId", t.version_id as "versionId", t.node_id as "nodeId", t.config, jsonb_build_object('settings', v.file -> 'settings') as file
      from triggers t join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null
        join versions v on v.flow_id = t.flow_id and v.id = t.version_id
      where t.workspace_id = $1 and t.source = 'connection' and t.config ->> 'credential' = $2 and t.config -> 'topics' ? $3
      order by f.position, f.created_at, f.id, t.node_id`,
    values: [args.workspaceId, args.credentialId, args.topic],
  });
  return rows;
}

export interface NewConnectionEvent {
  id: string;
  workspaceId: string;
  credentialId: string;
  topic: string;
  /** The thing that it is about. */
  subject: string;
  /** The state of that thing, as a number that grows with it; empty for what happens to it once. */
  version: string;
  /** The same message brings the same one again. */
  deliveryId: string | null;
  /** The same happening brings the same one again, also for other topics. */
  eventId: string | null;
  cameBy: 'told' | 'read';
  happenedAt: Date;
  /** A newer state that is known makes this one known too: it brings no content of its own. */
  newerCovers: boolean;
}

/**
 * Notes an event, unless it is known; answers whether it is new, and whether a newer one of the same thing came before. Call it in a transaction, which
 * keeps others out of the same thing.
 *
 * Known is: the same delivery, unless another one told another thing of the same state since; the same happening of the same thing; the same state of the same thing, unless the system itself tells two happenings
 * of it apart; and with `newerCovers` any state that is not newer than a known one.
 */
export async function noteConnectionEvent(db: Queryable, event: NewConnectionEvent): Promise<{ isNew: boolean; isLate: boolean }> {
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 31))', [`${event.credentialId}/${event.topic}/${event.subject}`]);
  const { rows } = await db.query<{ isLate: boolean }>({
    name: 'note-connection-event',
    text: `insert into credential_events (id, workspace_id, credential_id, topic, subject, version, delivery_id, event_id, came_by, state, happened_at)
      select $1, $2, $3, $4, $5, $6, $7, $8, $9, 'started', $10
       where not exists (select 1 from credential_events e where e.credential_id = $3 and e.delivery_id = $7
           and not exists (select 1 from credential_events l where l.credential_id = $3 and l.topic = $4 and l.subject = $5 and $6 <> ''
             and l.version = $6 and l.delivery_id <> $7 and l.received_at > e.received_at))
         and not exists (select 1 from credential_events e where e.credential_id = $3 and e.topic = $4 and e.subject = $5 and (
           e.event_id = $8 or (e.version = $6 and ($6 = '' or e.event_id is null or $8::text is null)) or ($11 and e.happened_at >= $10)))
      returning exists (select 1 from credential_events e where e.credential_id = $3 and e.topic = $4 and e.subject = $5 and e.version <> '' and $6 <> ''
        and (e.version::bigint, e.happened_at) > (nullif($6, '')::bigint, $10)) as "isLate"`,
    values: [
      event.id,
      event.workspaceId,
      event.credentialId,
      event.topic,
      event.subject,
      event.version,
      event.deliveryId,
      event.eventId,
      event.cameBy,
      event.happenedAt,
      event.newerCovers,
    ],
  });
  return { isNew: rows.length > 0, isLate: rows[0]?.isLate ?? false };
}

/** What an event that was noted came to. */
export async function setEventState(db: Queryable, args: { id: string; state: 'started' | 'late' | 'unwanted' }): Promise<void> {
  await db.query('update credential_events set state = $2 where id = $1', [args.id, args.state]);
}

/** Something came from outside, known or not. */
export async function noteHeard(
  db: Queryable,
  args: { workspaceId: string; credentialId: string; topics: readonly string[] },
): Promise<void> {
  await db.query(
    `with heard as (
       insert into credential_hooks as h (credential_id, workspace_id, received_at) values ($2, $1, now()) on conflict (credential_id) do update set received_at = now()
     ) update credential_topics set received_at = now() where credential_id = $2 and topic = any ($3)`,
    [args.workspaceId, args.credentialId, args.topics],
  );
}

/** Deletes a page of what came long ago; answers how many went. */
export async function forgetOldEvents(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `delete from credential_events where id in (
       select id from credential_events where received_at < now() - make_interval(days => $1) order by received_at limit $2)`,
    [eventsKeptDays, limit],
  );
  return rowCount ?? 0;
}
