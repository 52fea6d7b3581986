import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

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
}

/** The next piece of each conversation that is due: a later one waits until the earlier ones are gone, so people's messages keep their order. */
export async function dueHumanSends(db: Queryable, limit: number): Promise<QueuedSend[]> {
  const { rows } = await db.query<QueuedSend>({
    name: 'due-human-sends',
    text: `select e.key, e.piece, e.attempt, e.workspace_id as "workspaceId", e.conversation_id as "conversationId", e.message_id as "messageId", m.text, m.content,
        (1000 * extract(epoch from (now() - e.created_at)))::float8 as "ageMs"
      from effects e join messages m on m.id = e.message_id
      where e.state = 'planned' and e.author = 'human' and e.kind = 'send' and (e.not_before is null or e.not_before <= now())
        and not exists (select 1 from effects b where b.conversation_id = e.conversation_id and b.author = 'human' and b.kind = 'send' and b.state in ('planned', 'dispatching')
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
