import type { Queryable } from '../pool.ts';

// What may have left the house in a run's name, and must not be done again.
const hasActed = `exists (select 1 from effects e where e.run_id = r.id and (e.state in ('dispatching', 'accepted', 'unknown')))`;

/**
 * The customer edited a message that a run has read. While nothing has left in that run's name (no answer, no call that must not be repeated), all that it read
 * becomes pending again, with the new words; the run is to be ended. Answers that run; null: the message is not read yet, or answered. Under the conversation's lock.
 */
export async function recallUnanswered(
  db: Queryable,
  edit: { conversationId: string; messageId: string; text: string; editedAt: string },
): Promise<string | null> {
  const { rows } = await db.query<{ runId: string }>(
    `with run as (
        select r.id from inbox i join runs r on r.id = i.run_id
        where i.message_id = $2 and i.conversation_id = $1 and i.state = 'consumed' and r.status <> 'ended' and r.source = 'channel' and not ${hasActed}
      ), recalled as (
        update inbox i set state = 'pending', run_id = null, payload = i.payload || jsonb_build_object('insteadOf', run.id)
          || case when i.message_id = $2 then jsonb_build_object('text', $3::text, 'editedAt', $4::text) else '{}'::jsonb end
        from run where i.run_id = run.id and i.state = 'consumed' returning run.id as run_id
      )
      select distinct run_id as "runId" from recalled`,
    [edit.conversationId, edit.messageId, edit.text, edit.editedAt],
  );
  return rows[0]?.runId ?? null;
}

/** Of runs that were to be ended before they did anything: those that were faster. */
export async function actedMeanwhile(db: Queryable, runIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(`select r.id from runs r where r.id = any($1) and ${hasActed}`, [runIds]);
  return rows.map(({ id }) => id);
}
