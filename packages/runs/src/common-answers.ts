import { listAnswers, type Queryable } from '@holdfast/db';

/** How alike a question and a stored one must be; below it the answer would rather be a guess. */
const threshold = 0.6;

const wordsOf = (text: string): Set<string> => new Set(text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Shared words of two texts, 0 to 1 (Dice), whatever accents, case or order. */
export function likeness(one: string, other: string): number {
  const a = wordsOf(one);
  const b = wordsOf(other);
  if (a.size === 0 || b.size === 0) return 0;
  return (2 * a.intersection(b).size) / (a.size + b.size);
}

/** The staff's stored answer to a question like this one, or null. */
export async function findCommonAnswer(db: Queryable, workspaceId: string, question: string, language?: string): Promise<{ id: string; answer: string; score: number } | null> {
  let best: { id: string; answer: string; score: number } | null = null;
  for (const stored of await listAnswers(db, workspaceId)) {
    if (language && stored.language && !stored.language.startsWith(language.slice(0, 2))) continue;
    const score = Math.max(0, ...stored.questions.map((each) => likeness(each, question)));
    if (score >= threshold && score > (best?.score ?? 0)) best = { id: stored.id, answer: stored.answer, score };
  }
  return best;
}
