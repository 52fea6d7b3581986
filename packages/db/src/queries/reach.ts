import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** What an automated message is for. `service` answers or informs somebody about their own matter; everything else is `marketing`. */
export type Purpose = 'service' | 'marketing';

interface Address {
  workspaceId: string;
  channelKind: string;
  /** As in `identities`: E.164, a chat's id, a mail address in small letters. */
  address: string;
}

/** Somebody asked us to stop. `service` bars everything automated there, `marketing` only that. Answers false when that was known. */
export async function optOut(
  db: Queryable,
  given: Address & { purpose: Purpose; source: 'keyword' | 'button' | 'provider' | 'staff' | 'list-unsubscribe'; detail?: JsonObject },
): Promise<boolean> {
  const result = await db.query(
    `with out as (
        insert into opt_outs (workspace_id, channel_kind, address, purpose, source, detail) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning purpose
      ), withdrawn as (
        delete from consents where workspace_id = $1 and channel_kind = $2 and address = $3 and (purpose = $4 or $4 = 'service')
      ) select purpose from out`,
    [given.workspaceId, given.channelKind, given.address, given.purpose, given.source, JSON.stringify(given.detail ?? {})],
  );
  return result.rowCount === 1;
}

/** Somebody wants our messages again: START, or a tap. `service` lifts the marketing opt-out too, since whoever writes START takes back STOP. */
export async function optIn(db: Queryable, given: Address & { purpose: Purpose }): Promise<boolean> {
  const result = await db.query(
    `delete from opt_outs where workspace_id = $1 and channel_kind = $2 and address = $3 and (purpose = $4 or $4 = 'service')`,
    [given.workspaceId, given.channelKind, given.address, given.purpose],
  );
  return (result.rowCount ?? 0) > 0;
}

/** Somebody allows us to write first. `source` says how we know: a form, a keyword, staff. */
export async function giveConsent(
  db: Queryable,
  given: Address & { purpose: Purpose; source: string; detail?: JsonObject },
): Promise<void> {
  await db.query(
    `insert into consents (workspace_id, channel_kind, address, purpose, source, detail) values ($1, $2, $3, $4, $5, $6)
     on conflict (workspace_id, channel_kind, address, purpose) do update set since = now(), source = excluded.source, detail = excluded.detail`,
    [given.workspaceId, given.channelKind, given.address, given.purpose, given.source, JSON.stringify(given.detail ?? {})],
  );
}

/** Nothing automated goes to this address any more: it bounced, or it is not on that service. Answers false when that was known. */
export async function suppress(db: Queryable, given: Address & { reason: string; detail?: JsonObject }): Promise<boolean> {
  const result = await db.query(
    'insert into suppressions (workspace_id, channel_kind, address, reason, detail) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [given.workspaceId, given.channelKind, given.address, given.reason, JSON.stringify(given.detail ?? {})],
  );
  return result.rowCount === 1;
}

/** Staff corrected it, or the person wrote from there. */
export async function unsuppress(db: Queryable, given: Address): Promise<boolean> {
  const result = await db.query('delete from suppressions where workspace_id = $1 and channel_kind = $2 and address = $3', [
    given.workspaceId,
    given.channelKind,
    given.address,
  ]);
  return result.rowCount === 1;
}

/** How many messages in a row did not get through to an address within a month, by any of its conversations: since they last wrote. */
export async function countUnreached(db: Queryable, args: { workspaceId: string; channelId: string; address: string }): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from conversations v join messages m on m.conversation_id = v.id
      where v.workspace_id = $1 and v.channel_id = $2 and split_part(v.address, '#', 1) = $3 and m.problem ->> 'code' = 'channel.unreachable'
        and m.created_at > now() - interval '30 days' and m.created_at > coalesce(v.last_in_at, '-infinity')`,
    [args.workspaceId, args.channelId, args.address],
  );
  return rows[0]?.count ?? 0;
}

/** The provider held marketing back from this person: for a day we do too. */
export async function capMarketing(db: Queryable, args: { workspaceId: string; conversationId: string }): Promise<void> {
  await db.query(`update conversations set capped_until = now() + interval '24 hours' where id = $2 and workspace_id = $1`, [
    args.workspaceId,
    args.conversationId,
  ]);
}

/** The provider takes templates only in this conversation now, whatever we thought. */
export async function closeWindow(db: Queryable, args: { workspaceId: string; conversationId: string }): Promise<void> {
  await db.query('update conversations set window_until = least(window_until, now()) where id = $2 and workspace_id = $1', [
    args.workspaceId,
    args.conversationId,
  ]);
}
