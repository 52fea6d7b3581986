import type { JsonObject } from '@holdfast/node-kit';
import { transaction, type Pool, type Queryable } from '../pool.ts';
import { messageStatus } from './send-ledger.ts';
import { dropPlannedAgain } from './send-queue.ts';

/** What a provider says of a message after it took it. */
export interface SendStatus {
  workspaceId: string;
  channelId: string;
  /** The provider's id of the piece; or `reference`, our ledger key that it hands back, when its answer was lost. One of both is enough. */
  providerMessageId: string | null;
  reference: string | null;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** ISO time by the provider's clock. */
  at: string;
  /** Why it failed. */
  problem: JsonObject | null;
  price: MessagePrice | null;
}

export interface MessagePrice {
  /** Millionths of `currency`; null where the provider names a category but no amount. */
  micro: number | null;
  currency: string | null;
  /** As the provider names it: category, model, segments. */
  detail: JsonObject;
}

export interface AppliedStatus {
  messageId: string;
  conversationId: string;
  address: string;
  channelKind: string;
  /** False: it said nothing new, or came after something that is final. */
  isNew: boolean;
  /** It settled a send whose fate was unknown. */
  isReconciled: boolean;
}

interface FoundRow {
  key: string;
  state: string;
  status: string | null;
  messageId: string;
  conversationId: string;
  address: string;
  channelKind: string;
}

const ranks: Record<string, number> = { sent: 1, delivered: 2, read: 3 };

/** planned < sent < delivered < read; failed is final unless it turns out to have been delivered or read. Pure. */
export function isLaterStatus(now: string | null, next: SendStatus['status']): boolean {
  if (now === null) return true;
  if (next === 'failed') return now === 'sent';
  if (now === 'failed') return next !== 'sent';
  return (ranks[next] ?? 0) > (ranks[now] ?? 0);
}

/**
 * Moves a message along by what the provider says, whatever the order; the same report again changes nothing. A send that was unknown is accepted from
 * then on: the provider has it. Null when no send is known under this id (yet): see `keepEarlyStatus`. In its own transaction; locks ledger row, then message.
 */
export async function applyStatus(pool: Pool, report: SendStatus): Promise<AppliedStatus | null> {
  return transaction(pool, async (client) => {
    const row = await lockSend(client, report);
    if (!row) return null;
    const { messageId, conversationId, address, channelKind } = row;
    const isNew = isLaterStatus(row.status, report.status);
    const isReconciled = row.state !== 'accepted' && row.state !== 'cancelled';
    const told = { messageId, conversationId, address, channelKind, isNew, isReconciled };
    if (!isNew && !isReconciled && report.price === null) return told;
    await saveStatus(client, report, row.key, isNew);
    if (isNew && (report.status === 'delivered' || report.status === 'read'))
      await dropPlannedAgain(client, { workspaceId: report.workspaceId, key: row.key });
    await moveMessage(client, report.workspaceId, messageId);
    return told;
  });
}

async function lockSend(client: Queryable, report: SendStatus): Promise<FoundRow | null> {
  const columns = `e.key, e.state, e.status, e.message_id as "messageId", e.conversation_id as "conversationId", split_part(v.address, '#', 1) as address, h.kind as "channelKind"
    from effects e join conversations v on v.id = e.conversation_id join channels h on h.id = e.channel_id`;
  const { rows } = await client.query<FoundRow>(
    `select ${columns} where e.channel_id = $2 and e.workspace_id = $1 and e.kind = 'send' and (e.provider_message_id = $3 or e.key = $4)
      order by e.key = $4 desc nulls last, e.state = 'cancelled', e.created_at desc limit 1 for update of e`,
    [report.workspaceId, report.channelId, report.providerMessageId, report.reference],
  );
  const row = rows[0];
  if (row) await client.query('select 1 from messages where id = $1 for update', [row.messageId]);
  return row ?? null;
}

async function saveStatus(client: Queryable, report: SendStatus, key: string, isNew: boolean): Promise<void> {
  await client.query(
    `update effects set
        state = case when state = 'cancelled' then state else 'accepted' end, settled_at = coalesce(settled_at, now()), not_before = null,
        provider_message_id = coalesce(provider_message_id, $3), status = case when $4 then $5 else status end, status_at = case when $4 then $6::timestamptz else status_at end,
        problem = case when not $4 then problem when $5 = 'failed' then $7::jsonb end,
        price_micro = coalesce($8, price_micro), price_currency = coalesce($9, price_currency), pricing = coalesce($10::jsonb, pricing)
      where key = $2 and workspace_id = $1`,
    [
      report.workspaceId,
      key,
      report.providerMessageId,
      isNew,
      report.status,
      report.at,
      report.problem === null ? null : JSON.stringify(report.problem),
      report.price?.micro ?? null,
      report.price?.currency ?? null,
      report.price === null ? null : JSON.stringify(report.price.detail),
    ],
  );
}

/** A message is as far as its pieces are. */
async function moveMessage(client: Queryable, workspaceId: string, messageId: string): Promise<void> {
  await client.query(
    `with p as (
        select distinct on (piece) message_id, piece, state, status, status_at, problem, price_micro, price_currency, pricing, provider_message_id from effects
        where message_id = $2 and workspace_id = $1 and state <> 'cancelled' order by piece, created_at desc, key desc
      ), now_is as (
        select ${messageStatus} as status, max(p.status_at) filter (where p.status in ('delivered', 'read')) as got_at, max(p.status_at) filter (where p.status = 'read') as read_at,
          (array_agg(p.problem order by p.piece) filter (where p.problem is not null))[1] as problem, sum(p.price_micro)::bigint as price, max(p.price_currency) as currency,
          (array_agg(p.pricing order by p.piece) filter (where p.pricing is not null))[1] as pricing, max(p.provider_message_id) filter (where p.piece = 0) as provider_id
        from p group by p.message_id
      )
      update messages m set status = n.status, problem = n.problem, price_micro = n.price, price_currency = n.currency, pricing = n.pricing,
        provider_message_id = coalesce(m.provider_message_id, n.provider_id),
        delivered_at = case when n.status in ('delivered', 'read') then coalesce(m.delivered_at, n.got_at) else m.delivered_at end,
        read_at = case when n.status = 'read' then coalesce(m.read_at, n.read_at) else m.read_at end
      from now_is n where m.id = $2 and m.workspace_id = $1`,
    [workspaceId, messageId],
  );
}

/** A report of a send that is not known under its id: the answer to the send is still on its way, or was never ours. Kept for a day. */
export async function keepEarlyStatus(db: Queryable, report: SendStatus): Promise<void> {
  await db.query('insert into early_statuses (workspace_id, channel_id, provider_message_id, status) values ($1, $2, $3, $4)', [
    report.workspaceId,
    report.channelId,
    report.providerMessageId ?? '',
    JSON.stringify(report),
  ]);
}

/** What came before the send's own answer was saved; taken away, since it is applied now. */
export async function takeEarlyStatuses(
  db: Queryable,
  args: { workspaceId: string; channelId: string; providerMessageId: string },
): Promise<SendStatus[]> {
  const { rows } = await db.query<{ status: SendStatus }>({
    name: 'take-early-statuses',
    text: 'delete from early_statuses where channel_id = $2 and provider_message_id = $3 and workspace_id = $1 returning status',
    values: [args.workspaceId, args.channelId, args.providerMessageId],
  });
  return rows.map(({ status }) => status);
}

/** What is older than a day's limit can count, and reports that nothing was ever sent for. */
export async function forgetOldCounts(db: Queryable): Promise<void> {
  await db.query(`delete from early_statuses where at < now() - interval '1 day'`);
  await db.query(`delete from send_counts where bucket < now() - interval '3 days'`);
  // A chat's pace that nothing has used for a day; its row would only be made anew.
  await db.query(`delete from throttles where arrival_at < now() - interval '1 day'`);
}
