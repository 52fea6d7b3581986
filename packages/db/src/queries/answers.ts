import type { Queryable } from '../pool.ts';

export interface AnswerView {
  id: string;
  questions: string[];
  answer: string;
  language: string;
  updatedAt: string;
}
const columns = 'id, questions, answer, language, iso(updated_at) as "updatedAt"';

export async function listAnswers(db: Queryable, workspaceId: string): Promise<AnswerView[]> {
  const { rows } = await db.query<AnswerView>(`select ${columns} from answers where workspace_id = $1 order by updated_at desc, id`, [
    workspaceId,
  ]);
  return rows;
}

export async function loadAnswer(db: Queryable, args: { workspaceId: string; id: string }): Promise<AnswerView | null> {
  const { rows } = await db.query<AnswerView>(`select ${columns} from answers where workspace_id = $1 and id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

/** Adds an answer, or changes the one with this id. */
export async function saveAnswer(
  db: Queryable,
  args: { id: string; workspaceId: string; questions: string[]; answer: string; language: string },
): Promise<void> {
  await db.query(
    `insert into answers as a (id, workspace_id, questions, answer, language) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set questions = excluded.questions, answer = excluded.answer, language = excluded.language, updated_at = now() where a.workspace_id = excluded.workspace_id`,
    [args.id, args.workspaceId, args.questions, args.answer, args.language],
  );
}

export async function deleteAnswer(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from answers where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}
