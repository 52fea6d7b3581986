import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import type { Purpose } from './reach.ts';

/** What a person wrote and nobody has sent yet. */
export interface QueuedSend {
  key: string;
  piece: number;
  attempt: number;
  workspaceId: string;
  conversationId: string;
  messageId: string;
  text: string;
  content: JsonObject;
  ageMs: number;
  /** Nobody asked for this one: a message of the bot's that failed on its way is tried again. It is to be checked like any other of the bot's. */
  isAutomatic: boolean;
  purpose: Purpose;
}

/** The next piece of each conversation that is due: a later one waits until the earlier ones are gone, so people's messages keep their order; they don't wait for what is tried again by itself. */
export async function dueHumanSends(db: Queryable, limit: number): Promise<QueuedSend[]> {
  const { rows } = await db.query<QueuedSend>({
    name: 'due-human-sends',
    text: `select e.key, e.piece, e.attempt, e.workspace_id as "workspaceId", e.conversation_id as "conversationId", e.message_id as "messageId", m.text, m.content, coalesce(m.purpose, 'service') as purpose,
        m.author = 'bot' and coalesce(e.result ->> 'again', '') = 'automatic' as "isAutomatic",
        (1000 * extract(epoch from (now() - e.created_at)))::float8 as "ageMs"
      from effects e join messages m on m.id = e.message_id
      where e.state = 'planned' and e.author = 'human' and e.kind = 'send' and (e.not_before is null or e.not_before <= now())
        and not exists (select 1 from effects b where b.conversation_id = e.conversation_id and b.author = 'human' and b.kind = 'send' and b.state in ('planned', 'dispatching') and b.result ->> 'again' is distinct from 'automatic'
          and (b.created_at, b.message_id, b.piece) < (e.created_at, e.message_id, e.piece))
      order by e.created_at limit $1`,
    values: [limit],
  });
  return rows;
}

/** Rows for the pieces after the first, once a person's message turns out to be longer than one. Pieces that have a row, as when only the first is sent again, get no other. */
export async function addHumanPieces(db: Queryable, args: { workspaceId: string; key: string; count: number }): Promise<void> {
  await db.query(
    `insert into effects (key, workspace_id, kind, run_id, step_id, part, piece, epoch, state, payload_hash, message_id, channel_id, conversation_id, author, created_at)
     select f.key || '#' || n, f.workspace_id, 'send', f.run_id, f.step_id, f.part, n, f.epoch, 'planned', f.payload_hash, f.message_id, f.channel_id, f.conversation_id, 'human', f.created_at
     from effects f, generate_series(1, $3 - 1) as n where f.key = $2 and f.workspace_id = $1 and f.piece = 0
       and not exists (select 1 from effects e where e.message_id = f.message_id and e.piece = n) on conflict (key) do nothing`,
    [args.workspaceId, args.key, args.count],
  );
}

/**
 * The provider took it and then could not bring it, for a reason that passes: the failed pieces of a message get new rows under new keys, for the dispatcher.
 * Answers how many; 0 once `waitsMs` (before each further try) is used up.
 */
export async function planAfterFailure(
  db: Queryable,
  args: { workspaceId: string; messageId: string; waitsMs: readonly number[] },
): Promise<number> {
  const result = await db.query(
    `with old as (
        update effects e set state = 'cancelled', result = coalesce(e.result, '{}') || '{"again": "planned"}'
        where e.message_id = $2 and e.workspace_id = $1 and e.kind = 'send' and e.state = 'accepted' and e.status = 'failed'
          and coalesce(nullif(split_part(e.key, '~', 2), ''), '1')::int <= cardinality($3::float8[]) returning e.*
      ), again as (
        insert into effects (key, workspace_id, kind, run_id, step_id, part, piece, epoch, state, payload_hash, message_id, channel_id, conversation_id, author, not_before, problem, result)
        select split_part(o.key, '~', 1) || '~' || (nth + 1), o.workspace_id, 'send', o.run_id, o.step_id, o.part, o.piece, o.epoch, 'planned', o.payload_hash,
          o.message_id, o.channel_id, o.conversation_id, 'human', now() + make_interval(secs => ($3::float8[])[nth] / 1000), o.problem, '{"again": "automatic"}'
        from old o, lateral (select coalesce(nullif(split_part(o.key, '~', 2), ''), '1')::int as nth) tries on conflict (key) do nothing returning key
      ), message as (update messages set status = 'planned' where id = $2 and workspace_id = $1 and exists (select 1 from again))
      select key from again`,
    [args.workspaceId, args.messageId, args.waitsMs],
  );
  return result.rowCount ?? 0;
}

/** It came after all: what was planned in its place is not sent. Answers whether anything was. */
export async function dropPlannedAgain(db: Queryable, args: { workspaceId: string; key: string }): Promise<boolean> {
  const { rowCount } = await db.query(
    `with came as (
        update effects o set state = 'accepted' from effects again
        where o.key = $2 and o.workspace_id = $1 and o.state = 'cancelled' and o.result ->> 'again' = 'planned'
          and again.message_id = o.message_id and again.piece = o.piece and again.state = 'planned' and again.result ->> 'again' = 'automatic' returning again.key
      ) update effects e set state = 'cancelled', settled_at = now() from came where e.key = came.key and e.state = 'planned' returning e.key`,
    [args.workspaceId, args.key],
  );
  return (rowCount ?? 0) > 0;
}

/** Puts a planned send off; the problem stands with the message until it goes. */
export async function postponeSend(
  db: Queryable,
  args: { workspaceId: string; key: string; forMs: number; problem: JsonObject | null },
): Promise<void> {
  await db.query(
    `with later as (update effects set not_before = now() + make_interval(secs => $3 / 1000.0), problem = $4 where key = $2 and workspace_id = $1 and state = 'planned' returning message_id)
     update messages m set problem = $4 from later where m.id = later.message_id and m.workspace_id = $1`,
    [args.workspaceId, args.key, args.forMs, args.problem === null ? null : JSON.stringify(args.problem)],
  );
}

export interface LostSend {
  key: string;
  workspaceId: string;
  conversationId: string;
}

/**
 * Sends whose process died between the first byte and the answer: nobody can know, so they become unknown. A process counts as dead
 * when its lease is 5 s old; without a lease, a person's message after a minute and a bot's (which its run looks after) after five.
 */
export async function giveUpLostSends(db: Queryable, problem: JsonObject): Promise<LostSend[]> {
  const { rows } = await db.query<LostSend>({
    name: 'give-up-lost-sends',
    text: `with lost as (
        update effects e set state = 'unknown', settled_at = now(), problem = $1
        where e.state = 'dispatching' and e.kind = 'send' and (
          e.dispatched_at < now() - case when e.author = 'human' then interval '1 minute' else interval '5 minutes' end
          or (e.author = 'human' and exists (select 1 from leases l where l.process = e.dispatched_by and l.seen_at < now() - interval '5 s')))
        returning e.key, e.workspace_id, e.conversation_id, e.message_id
      ), messages_of_lost as (update messages m set status = 'unknown', problem = $1 from lost where m.id = lost.message_id and m.workspace_id = lost.workspace_id)
      select key, workspace_id as "workspaceId", conversation_id as "conversationId" from lost`,
    values: [JSON.stringify(problem)],
  });
  return rows;
}
