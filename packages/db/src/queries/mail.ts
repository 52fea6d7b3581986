import type { Queryable } from '../pool.ts';

export interface MailCursor {
  uidValidity: number;
  lastUid: number;
  updatedAt: Date;
}

/** Null for a folder that was never read. */
export async function loadMailCursor(db: Queryable, args: { channelId: string; folder: string }): Promise<MailCursor | null> {
  const { rows } = await db.query<MailCursor>(
    `select uid_validity::float8 as "uidValidity", last_uid::float8 as "lastUid", updated_at as "updatedAt" from mail_cursors where channel_id = $1 and folder = $2`,
    [args.channelId, args.folder],
  );
  return rows[0] ?? null;
}

/** When a channel was connected, if that was in the last ten minutes; else null. */
export async function findNewChannel(db: Queryable, channelId: string): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date }>(
    `select created_at as at from channels where id = $1 and created_at > now() - interval '10 minutes'`,
    [channelId],
  );
  return rows[0]?.at ?? null;
}

/** Only for the process that holds the channel's lease; under one numbering it never goes back. Answers false to a process that lost it. */
export async function saveMailCursor(
  db: Queryable,
  cursor: { channelId: string; workspaceId: string; folder: string; process: string; uidValidity: number; lastUid: number },
): Promise<boolean> {
  const result = await db.query(
    `insert into mail_cursors as c (channel_id, workspace_id, folder, uid_validity, last_uid)
      select h.id, $2, $3, $5, $6 from channels h where h.id = $1 and h.lease_owner = $4
      on conflict (channel_id, folder) do update set updated_at = now(), uid_validity = excluded.uid_validity,
        last_uid = case when c.uid_validity = excluded.uid_validity then greatest(c.last_uid, excluded.last_uid) else excluded.last_uid end`,
    [cursor.channelId, cursor.workspaceId, cursor.folder, cursor.process, cursor.uidValidity, cursor.lastUid],
  );
  return result.rowCount === 1;
}

/**
 * The conversation in which one of these mails was said, ours or this person's, newest first: for answers whose program names only one mail,
 * and for servers that give our mails ids of their own.
 */
export async function findMailThread(
  db: Queryable,
  args: { channelId: string; person: string; mailIds: readonly string[] },
): Promise<string | null> {
  const { rows } = await db.query<{ address: string }>(
    `select v.address from conversations v where v.channel_id = $1 and split_part(v.address, '#', 1) = $2 and v.id in (
        select e.conversation_id from effects e where e.channel_id = $1 and e.provider_message_id = any($3)
        union all
        select m.conversation_id from identities i join conversations o on o.contact_id = i.contact_id and o.channel_id = $1
          join messages m on m.conversation_id = o.id and m.direction = 'in' and m.provider_message_id = any($3)
        where i.channel_kind = 'email' and i.address = $2 and i.workspace_id = o.workspace_id)
      order by v.last_message_at desc limit 1`,
    [args.channelId, args.person, args.mailIds],
  );
  return rows[0]?.address ?? null;
}

/** How many of this person's mails the channel took in as messages lately: a machine that does not say so is known by its number. */
export async function countMailsFrom(db: Queryable, args: { channelId: string; person: string; sinceMinutes: number }): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from identities i join conversations o on o.contact_id = i.contact_id and o.channel_id = $1 and o.workspace_id = i.workspace_id
      join messages m on m.conversation_id = o.id and m.direction = 'in' and m.created_at > now() - make_interval(mins => $3)
     where i.channel_kind = 'email' and i.address = $2`,
    [args.channelId, args.person, args.sinceMinutes],
  );
  return rows[0]?.count ?? 0;
}
