import type { JsonObject } from '@holdfast/node-kit';
import type { PoolClient, Queryable } from '../pool.ts';

interface OneContact {
  workspaceId: string;
  id: string;
}

export async function insertContact(db: Queryable, given: OneContact & { name: string; language: string }): Promise<void> {
  await db.query(
    `insert into contacts (id, workspace_id, name, language, own_fields) values ($2, $1, $3, $4, array_remove(array['name', case when $4 <> '' then 'language' end], null))`,
    [given.workspaceId, given.id, given.name, given.language],
  );
}

/** What staff write themselves stays, whatever a provider's profile says later. */
export async function updateContact(
  db: Queryable,
  given: OneContact & { name: string | null; language: string | null; attributes: JsonObject | null },
): Promise<void> {
  await db.query(
    `update contacts set name = coalesce($3, name), language = coalesce($4, language), attributes = coalesce($5, attributes), updated_at = now(),
      own_fields = (select coalesce(array_agg(distinct f), '{}') from unnest(own_fields || case when $3::text is null then '{}' else array['name'] end || case when $4::text is null then '{}' else array['language'] end) f)
      where workspace_id = $1 and id = $2`,
    [given.workspaceId, given.id, given.name, given.language, given.attributes === null ? null : JSON.stringify(given.attributes)],
  );
}

/** Answers whose it is already, or null when it is this contact's now. */
export async function addIdentity(
  db: Queryable,
  given: { workspaceId: string; id: string; contactId: string; channelKind: string; address: string },
): Promise<string | null> {
  const { rows } = await db.query<{ contact_id: string }>(
    `insert into identities (id, workspace_id, contact_id, channel_kind, address) values ($2, $1, $3, $4, $5)
      on conflict (workspace_id, channel_kind, address) do update set address = excluded.address returning contact_id`,
    [given.workspaceId, given.id, given.contactId, given.channelKind, given.address],
  );
  const owner = rows[0]?.contact_id;
  return owner === undefined || owner === given.contactId ? null : owner;
}

/** False when a conversation goes on at this address: it would only come back with the next message. */
export async function removeIdentity(db: Queryable, given: { workspaceId: string; contactId: string; id: string }): Promise<boolean> {
  const result = await db.query(
    `delete from identities i where i.workspace_id = $1 and i.contact_id = $2 and i.id = $3
      and not exists (select 1 from conversations k join channels h on h.id = k.channel_id where k.contact_id = $2 and h.kind = i.channel_kind and split_part(k.address, '#', 1) = i.address)`,
    [given.workspaceId, given.contactId, given.id],
  );
  return result.rowCount === 1;
}

export async function insertContactNote(
  db: Queryable,
  note: { id: string; workspaceId: string; contactId: string; text: string; byUserId: string; byName: string },
): Promise<void> {
  await db.query('insert into contact_notes (id, workspace_id, contact_id, text, by_user_id, by_name) values ($1, $2, $3, $4, $5, $6)', [
    note.id,
    note.workspaceId,
    note.contactId,
    note.text,
    note.byUserId,
    note.byName,
  ]);
}

export async function deleteContactNote(db: Queryable, note: { workspaceId: string; contactId: string; id: string }): Promise<boolean> {
  const result = await db.query('delete from contact_notes where workspace_id = $1 and contact_id = $2 and id = $3', [
    note.workspaceId,
    note.contactId,
    note.id,
  ]);
  return result.rowCount === 1;
}

export interface Merge {
  id: string;
  workspaceId: string;
  keptId: string;
  mergedId: string;
  by: string;
}

/**
 * Joins one contact into another: addresses, conversations, runs and notes go over; name, language and attributes only where the other has none.
 * Messages stay in their conversations. False when one of the two is not there, or is joined into another one already.
 */
export async function mergeContacts(client: PoolClient, merge: Merge): Promise<boolean> {
  const both = [merge.keptId, merge.mergedId];
  // In one order, so that two merges never wait for each other; ingest locks a contact before its conversation too.
  const locked = await client.query(
    'select id from contacts where workspace_id = $1 and id = any ($2) and merged_into is null order by id for update',
    [merge.workspaceId, both],
  );
  if (locked.rowCount !== 2) return false;
  await client.query(
    `with given as (
        select jsonb_strip_nulls(jsonb_build_object('name', case when k.name = '' and m.name <> '' then m.name end, 'language', case when k.language = '' and m.language <> '' then m.language end))
            || jsonb_build_object('attributes', coalesce((select jsonb_object_agg(key, value) from jsonb_each(m.attributes) where not k.attributes ? key), '{}')) as it
          from contacts k, contacts m where k.id = $3 and m.id = $4
      ), identities_moved as (update identities set contact_id = $3 where contact_id = $4 and workspace_id = $1 returning id),
      conversations_moved as (update conversations set contact_id = $3 where contact_id = $4 and workspace_id = $1 returning id),
      runs_moved as (update runs set contact_id = $3 where contact_id = $4 and workspace_id = $1 returning id),
      notes_moved as (update contact_notes set contact_id = $3 where contact_id = $4 and workspace_id = $1 returning id),
      kept as (
        update contacts set name = coalesce(given.it ->> 'name', name), language = coalesce(given.it ->> 'language', language), attributes = attributes || (given.it -> 'attributes'), updated_at = now()
          from given where id = $3
      ), merged as (update contacts set merged_into = $3, updated_at = now() where id = $4)
      insert into contact_merges (id, workspace_id, kept_id, merged_id, identities, conversations, runs, notes, given, merged_by)
      select $2, $1, $3, $4, array(select id from identities_moved), array(select id from conversations_moved), array(select id from runs_moved), array(select id from notes_moved), given.it, $5 from given`,
    [merge.workspaceId, merge.id, merge.keptId, merge.mergedId, merge.by],
  );
  return true;
}

/**
 * Takes a merge back: everything that came over returns, with what came in at those addresses since; what the kept contact was given goes, unless
 * somebody changed it since. False when there is no such merge to take back, or the kept contact is itself joined into another one.
 */
export async function unmergeContacts(
  client: PoolClient,
  args: { workspaceId: string; keptId: string; mergeId: string; by: string },
): Promise<boolean> {
  const found = await client.query<{ merged_id: string }>(
    `select m.merged_id from contact_merges m join contacts k on k.id = m.kept_id
      where m.workspace_id = $1 and m.kept_id = $2 and m.id = $3 and m.unmerged_at is null and k.merged_into is null for update of m`,
    [args.workspaceId, args.keptId, args.mergeId],
  );
  const mergedId = found.rows[0]?.merged_id;
  if (mergedId === undefined) return false;
  await client.query('select id from contacts where workspace_id = $1 and id = any ($2) order by id for update', [
    args.workspaceId,
    [args.keptId, mergedId],
  ]);
  await client.query(
    `with merge as (update contact_merges set unmerged_by = $4, unmerged_at = now() where id = $3 returning *),
      back as (update identities i set contact_id = $5 from merge where i.id = any (merge.identities) and i.contact_id = $2 returning i.channel_kind, i.address),
      conversations_back as (
        update conversations k set contact_id = $5 from merge, channels h where h.id = k.channel_id and k.contact_id = $2
          and (k.id = any (merge.conversations) or (h.kind, split_part(k.address, '#', 1)) in (select channel_kind, address from back)) returning k.id
      ), runs_back as (
        update runs r set contact_id = $5 from merge where r.contact_id = $2 and (r.id = any (merge.runs) or r.conversation_id in (select id from conversations_back))
      ), notes_back as (update contact_notes n set contact_id = $5 from merge where n.id = any (merge.notes) and n.contact_id = $2),
      merged as (update contacts set merged_into = null, updated_at = now() where id = $5)
      update contacts k set updated_at = now(),
        name = case when k.name = merge.given ->> 'name' then '' else k.name end,
        language = case when k.language = merge.given ->> 'language' then '' else k.language end,
        attributes = k.attributes - array(select g.key from jsonb_each(merge.given -> 'attributes') g where k.attributes -> g.key = g.value)
      from merge where k.id = $2 and k.workspace_id = $1`,
    [args.workspaceId, args.keptId, args.mergeId, args.by, mergedId],
  );
  return true;
}
