import { listAnswers, type Queryable } from '@holdfast/db';
import { findBestAnswer } from '@holdfast/reading';

/** The staff's stored answer to a question like this one, or null. */
export const findCommonAnswer = async (
  db: Queryable,
  workspaceId: string,
  question: string,
  language?: string,
): Promise<{ id: string; answer: string; score: number } | null> => findBestAnswer(question, await listAnswers(db, workspaceId), language);
