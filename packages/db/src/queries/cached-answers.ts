import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface AnswerKey {
  workspaceId: string;
  /** A hash of what was asked, and with which credential. */
  key: string;
}

export interface KeptAnswer {
  answer: JsonValue;
  ageMs: number;
}

/** What is kept, however old, and whether somebody asks for a newer one right now. */
export async function findKeptAnswer(
  db: Queryable,
  { workspaceId, key }: AnswerKey,
): Promise<{ kept: KeptAnswer | null; isAsked: boolean }> {
  const { rows } = await db.query<{ answer: JsonValue; ageMs: number | null; isAsked: boolean | null }>({
    name: 'find-kept-answer',
    text: `select answer, (1000 * extract(epoch from (clock_timestamp() - stored_at)))::float8 as "ageMs", asking_until > clock_timestamp() as "isAsked"
      from cached_answers where workspace_id = $1 and key = $2 and keep_until > clock_timestamp()`,
    values: [workspaceId, key],
  });
  const row = rows[0];
  return { kept: row?.ageMs == null ? null : { answer: row.answer, ageMs: row.ageMs }, isAsked: row?.isAsked ?? false };
}

/** True for the one process that asks the provider; for `forMs` the others wait for what it brings. */
export async function claimAsking(
  db: Queryable,
  { workspaceId, key, provider }: AnswerKey & { provider: string },
  forMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'claim-asking',
    text: `insert into cached_answers (workspace_id, key, provider, keep_until, asking_until)
      values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4::float8 / 1000), clock_timestamp() + make_interval(secs => $4::float8 / 1000))
      on conflict (workspace_id, key) do update set asking_until = excluded.asking_until, keep_until = greatest(cached_answers.keep_until, excluded.keep_until)
      where coalesce(cached_answers.asking_until, '-infinity') <= clock_timestamp()`,
    values: [workspaceId, key, provider, forMs],
  });
  return rowCount === 1;
}

/** Nothing came of it: somebody else may ask. */
export async function endAsking(db: Queryable, { workspaceId, key }: AnswerKey): Promise<void> {
  await db.query({
    name: 'end-asking',
    text: 'update cached_answers set asking_until = null where workspace_id = $1 and key = $2',
    values: [workspaceId, key],
  });
}

export async function keepAnswer(
  db: Queryable,
  { workspaceId, key, provider, answer, keepMs }: AnswerKey & { provider: string; answer: string; keepMs: number },
): Promise<void> {
  await db.query({
    name: 'keep-answer',
    text: `insert into cached_answers (workspace_id, key, provider, answer, bytes, stored_at, keep_until)
      values ($1, $2, $3, $4::jsonb, $5, clock_timestamp(), clock_timestamp() + make_interval(secs => $6::float8 / 1000))
      on conflict (workspace_id, key) do update set answer = excluded.answer, bytes = excluded.bytes, stored_at = excluded.stored_at,
        keep_until = excluded.keep_until, asking_until = null`,
    values: [workspaceId, key, provider, answer, Buffer.byteLength(answer), keepMs],
  });
}

/** Forgets the oldest answers of a workspace beyond so many bytes in all. */
export async function trimKeptAnswers(db: Queryable, workspaceId: string, maxBytes: number): Promise<void> {
  await db.query(
    `delete from cached_answers c using (
        select key, sum(bytes) over (order by stored_at desc nulls first, key) as upto from cached_answers where workspace_id = $1) s
      where c.workspace_id = $1 and c.key = s.key and s.upto > $2`,
    [workspaceId, maxBytes],
  );
}

/** A person's data may be in any of them. */
export async function forgetKeptAnswers(db: Queryable, workspaceId: string): Promise<void> {
  await db.query('delete from cached_answers where workspace_id = $1', [workspaceId]);
}
