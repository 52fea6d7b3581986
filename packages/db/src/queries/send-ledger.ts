import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export type SendState = 'planned' | 'dispatching' | 'accepted' | 'rejected' | 'unknown' | 'cancelled';

export interface SendPieceRow {
  key: string;
  piece: number;
  state: SendState;
  author: 'bot' | 'human';
  attempt: number;
  payloadHash: string;
  messageId: string;
  problem: { code: string; detail: string } | null;
  dispatchedAt: Date | null;
}
const pieceColumns = `key, piece, state, author, attempt, payload_hash as "payloadHash", message_id as "messageId", problem, dispatched_at as "dispatchedAt"`;

/** The pieces of one send of a step; of a piece that a person had sent again, the newest row only. */
export async function loadStepPieces(db: Queryable, args: { workspaceId: string; stepId: string; part: string }): Promise<SendPieceRow[]> {
  const { rows } = await db.query<SendPieceRow>({
    name: 'load-step-pieces',
    text: `select distinct on (piece) ${pieceColumns} from effects where step_id = $1 and part = $2 and workspace_id = $3 and kind = 'send' and key like $1 || ':%' order by piece, created_at desc, key desc`,
    values: [args.stepId, args.part, args.workspaceId],
  });
  return rows;
}

export interface NewSend {
  messageId: string;
  workspaceId: string;
  conversationId: string;
  channelId: string;
  runId: string;
  stepId: string;
  nodeId: string;
  part: string;
  epoch: number;
  process: string;
  payloadHash: string;
  text: string;
  content: JsonObject;
  /** One per piece; the first is dispatching from the start. */
  keys: string[];
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicroUsd: number | null;
  purpose: 'service' | 'marketing';
  /** Of the words, where we write first. */
  textHash: string | null;
}

/** The bot's message and a ledger row for each of its pieces. Answers how many rows are new: fewer than asked for means that another attempt was here first, so roll back. */
export async function insertSend(db: Queryable, send: NewSend): Promise<number> {
  const result = await db.query({
    name: 'insert-send',
    text: `with message as (
        insert into messages (id, workspace_id, conversation_id, direction, author, text, content, status, run_id, step_id, node_id, model, input_tokens, output_tokens, cost_microusd, purpose)
        values ($1, $2, $3, 'out', 'bot', $12, $13, 'sending', $5, $6, $7, $15, $16, $17, $18, $19) returning id
      )
      insert into effects (key, workspace_id, kind, run_id, step_id, part, piece, epoch, attempt, state, payload_hash, message_id, channel_id, conversation_id, author, dispatched_at, dispatched_by, text_hash)
      select p.key, $2, 'send', $5, $6, $8, p.nth - 1, $9, case when p.nth = 1 then 1 else 0 end, case when p.nth = 1 then 'dispatching' else 'planned' end, $11, message.id, $4, $3, 'bot',
        case when p.nth = 1 then now() end, case when p.nth = 1 then $10 end, case when p.nth = 1 then $20 end
      from message, unnest($14::text[]) with ordinality as p (key, nth)
      on conflict (key) do nothing`,
    values: [
      send.messageId,
      send.workspaceId,
      send.conversationId,
      send.channelId,
      send.runId,
      send.stepId,
      send.nodeId,
      send.part,
      send.epoch,
      send.process,
      send.payloadHash,
      send.text,
      JSON.stringify(send.content),
      send.keys,
      send.model,
      send.inputTokens,
      send.outputTokens,
      send.costMicroUsd,
      send.purpose,
      send.textHash,
    ],
  });
  return result.rowCount ?? 0;
}

/** A send of which certainly nothing left: forgotten, so that it can be planned with other words. */
export async function forgetSend(db: Queryable, args: { workspaceId: string; messageId: string }): Promise<void> {
  await db.query(
    `with gone as (delete from effects where message_id = $2 and workspace_id = $1 and state in ('planned', 'rejected', 'cancelled') returning message_id)
     delete from messages where id = $2 and workspace_id = $1 and exists (select 1 from gone)`,
    [args.workspaceId, args.messageId],
  );
}

/** → dispatching, from a state in which certainly nothing was sent. Answers the attempt's number; null when the row is not there for us. */
export async function dispatchPiece(
  db: Queryable,
  args: { workspaceId: string; key: string; process: string; epoch: number | null },
): Promise<number | null> {
  const { rows } = await db.query<{ attempt: number }>({
    name: 'dispatch-piece',
    text: `with taken as (select key from effects where key = $2 and workspace_id = $1 and state in ('planned', 'rejected', 'cancelled') for update skip locked),
      dispatched as (
        update effects e set state = 'dispatching', attempt = e.attempt + 1, dispatched_at = now(), dispatched_by = $3, epoch = coalesce($4, e.epoch), settled_at = null, problem = null, not_before = null
        from taken where e.key = taken.key returning e.attempt, e.message_id
      ), message as (update messages m set status = 'sending', problem = null from dispatched d where m.id = d.message_id and m.workspace_id = $1)
      select attempt from dispatched`,
    values: [args.workspaceId, args.key, args.process, args.epoch],
  });
  return rows[0]?.attempt ?? null;
}

export interface PieceSettlement {
  workspaceId: string;
  key: string;
  state: Exclude<SendState, 'dispatching'>;
  providerMessageId: string | null;
  problem: JsonObject | null;
  /** Planned again: not before so many milliseconds from now. */
  notBeforeMs: number | null;
  /** Only if this process dispatched it; null for the row of a process that is gone. */
  dispatchedBy: string | null;
}

// What a message's row says of its pieces: the worst that a person must know of comes first.
export const messageStatus = `case when bool_or(p.state = 'unknown') then 'unknown' when bool_or(p.state = 'rejected' or p.status = 'failed') then 'failed' when bool_or(p.state = 'dispatching') then 'sending'
  when bool_or(p.state = 'planned') then 'planned' when bool_and(coalesce(p.status = 'read', false)) then 'read' when bool_and(coalesce(p.status in ('delivered', 'read'), false)) then 'delivered' when bool_or(p.state = 'accepted') then 'sent' else 'cancelled' end`;

/** dispatching → what became of it; unknown → accepted or rejected when the answer comes after all. Moves the message's status along. Answers whether the row moved. */
export async function settlePiece(db: Queryable, settlement: PieceSettlement): Promise<boolean> {
  const result = await db.query({
    name: 'settle-piece',
    text: `with settled as (
        update effects set state = $3, provider_message_id = coalesce($4, provider_message_id), problem = $5, settled_at = case when $3 = 'planned' then null else now() end,
          not_before = case when $6::float8 is null then null else now() + make_interval(secs => $6::float8 / 1000) end
        where key = $2 and workspace_id = $1 and ($7::text is null or dispatched_by = $7) and (state = 'dispatching' or (state = 'unknown' and $3 in ('accepted', 'rejected'))) returning key, message_id, state, piece
      ), pieces as (
        select s.message_id, case when e.key = s.key then s.state else e.state end as state, e.status from settled s join effects e on e.message_id = s.message_id and (e.key = s.key or e.state <> 'cancelled')
      ), status as (select p.message_id, ${messageStatus} as status from pieces p group by p.message_id)
      update messages m set status = status.status, problem = $5, sent_at = case when $3 = 'accepted' then now() else m.sent_at end,
        provider_message_id = case when s.piece = 0 then coalesce($4, m.provider_message_id) else m.provider_message_id end
      from status, settled s where m.id = status.message_id and m.workspace_id = $1`,
    values: [
      settlement.workspaceId,
      settlement.key,
      settlement.state,
      settlement.providerMessageId,
      settlement.problem === null ? null : JSON.stringify(settlement.problem),
      settlement.notBeforeMs,
      settlement.dispatchedBy,
    ],
  });
  return result.rowCount === 1;
}

/** What an outgoing message answers, as its provider knows it; null when it is not of this conversation. */
export async function loadQuoted(
  db: Queryable,
  args: { workspaceId: string; conversationId: string; messageId: string },
): Promise<{ messageId: string; providerMessageId?: string; text: string } | null> {
  const { rows } = await db.query<{ id: string; provider: string | null; text: string }>(
    'select id, provider_message_id as provider, left(text, 500) as text from messages where id = $3 and conversation_id = $2 and workspace_id = $1',
    [args.workspaceId, args.conversationId, args.messageId],
  );
  const row = rows[0];
  return row ? { messageId: row.id, text: row.text, ...(row.provider === null ? {} : { providerMessageId: row.provider }) } : null;
}

/** The provider's id of what the customer wrote last; null where it gives none. */
export async function lastInboundOf(db: Queryable, args: { workspaceId: string; conversationId: string }): Promise<string | null> {
  const { rows } = await db.query<{ id: string | null }>(
    `select provider_message_id as id from messages where conversation_id = $2 and workspace_id = $1 and direction = 'in' order by created_at desc, id desc limit 1`,
    [args.workspaceId, args.conversationId],
  );
  return rows[0]?.id ?? null;
}

export async function loadSentMessage(
  db: Queryable,
  args: { workspaceId: string; messageId: string },
): Promise<{ conversationId: string; status: string } | null> {
  const { rows } = await db.query<{ conversationId: string; status: string }>(
    `select conversation_id as "conversationId", status from messages where id = $2 and workspace_id = $1 and direction = 'out'`,
    [args.workspaceId, args.messageId],
  );
  return rows[0] ?? null;
}

/** A person says that an unknown message arrived. Answers how many pieces it was about. */
export async function settleAsArrived(db: Queryable, args: { workspaceId: string; messageId: string; by: string }): Promise<number> {
  const result = await db.query(
    `with settled as (
        update effects set state = 'accepted', settled_at = now(), problem = null, result = jsonb_build_object('settledBy', $3::text)
        where message_id = $2 and workspace_id = $1 and state = 'unknown' returning key
      ), message as (update messages set status = 'sent', problem = null where id = $2 and workspace_id = $1 and exists (select 1 from settled))
      select key from settled`,
    [args.workspaceId, args.messageId, args.by],
  );
  return result.rowCount ?? 0;
}

/** A person wants an unknown message sent again: each unknown piece gets a new row under a new key, for the dispatcher of people's messages. */
export async function planAgain(db: Queryable, args: { workspaceId: string; messageId: string; by: string }): Promise<number> {
  const result = await db.query(
    `with old as (
        update effects set state = 'cancelled', settled_at = now(), result = jsonb_build_object('sentAgainBy', $3::text)
        where message_id = $2 and workspace_id = $1 and state = 'unknown' returning *
      ), again as (
        insert into effects (key, workspace_id, kind, run_id, step_id, part, piece, epoch, state, payload_hash, message_id, channel_id, conversation_id, author)
        select split_part(key, '~', 1) || '~' || (coalesce(nullif(split_part(key, '~', 2), ''), '1')::int + 1), workspace_id, 'send', run_id, step_id, part, piece, epoch, 'planned', payload_hash,
          message_id, channel_id, conversation_id, 'human' from old returning key
      ), message as (update messages set status = 'planned', problem = null where id = $2 and workspace_id = $1 and exists (select 1 from again))
      select key from again`,
    [args.workspaceId, args.messageId, args.by],
  );
  return result.rowCount ?? 0;
}

/** After the commit, alone: inside the send's transaction it would lock the conversation after the run, the other way round than ingest does. */
export async function touchConversation(
  db: Queryable,
  args: {
    workspaceId: string;
    conversationId: string;
    /** This message was the first word to somebody who did not write to us for a day. */
    isInitiated?: boolean;
    /** What the channel must remember to go on with it, when that changed. */
    thread?: JsonObject | null;
  },
): Promise<void> {
  await db.query({
    name: 'touch-conversation',
    text: `update conversations set last_message_at = now(), initiated_at = case when $3 then now() else initiated_at end, thread = coalesce($4::jsonb, thread)
      where id = $2 and workspace_id = $1`,
    values: [args.workspaceId, args.conversationId, args.isInitiated ?? false, args.thread == null ? null : JSON.stringify(args.thread)],
  });
}

/** Why the bot may not write to this conversation; cleared by the next thing that the customer does there, or by a send that works. */
export async function setUnreachable(
  db: Queryable,
  args: { workspaceId: string; conversationId: string; unreachable: JsonObject | null },
): Promise<void> {
  await db.query('update conversations set unreachable = $3 where id = $2 and workspace_id = $1', [
    args.workspaceId,
    args.conversationId,
    args.unreachable === null ? null : JSON.stringify(args.unreachable),
  ]);
}
