import { isNear } from './edit-distance.ts';
import { normalise } from './normalise.ts';
import { wordsOf } from './words.ts';

export interface CommonAnswer {
  id: string;
  /** The same question in several wordings and languages. */
  questions: readonly string[];
  answer: string;
  /** Of the answer, as `es` or `pt-BR`; empty fits everybody. */
  language: string;
}

/** Below this a wrong answer is likelier than a right one; found by the cases in the test beside this file. */
const threshold = 0.6;

/** Words that stand in nearly every question and so say nothing about it. */
const empty = new Set(
  'a an the is are do does did i you we my your our it to of in on for and or with have can could would please what when how much many where which who el la los las un una es son de del en y o a al que cual cuando como donde por para con me mi tu su se hay quiero puedo puede tengo tiene o os um uma do da em e qual quando onde le les des du et est der die das ein eine ist und wie wann wo'.split(
    ' ',
  ),
);

/** Pairs of neighbouring characters: what is compared in scripts without spaces. */
const pairsOf = (text: string): string[] => {
  const letters = [...text.replace(/[^\p{L}\p{N}]/gu, '')];
  return letters.slice(0, -1).map((letter, index) => `${letter}${letters[index + 1] ?? ''}`);
};
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function tokensOf(text: string): string[] {
  if (unspaced.test(text)) return [...new Set(pairsOf(text))];
  const words = [...new Set(wordsOf(text))];
  const telling = words.filter((word) => !empty.has(word));
  return telling.length > 0 ? telling : words;
}

const startsAlike = (left: string, right: string): boolean =>
  (right.length >= 4 && left.startsWith(right)) || (left.length >= 4 && right.startsWith(left));
const isSame = (left: string, right: string): boolean =>
  left === right || startsAlike(left, right) || isNear(left, right) || isNear(right, left);

/** How alike two questions are: 0 to 1, twice the shared words over all words. */
function likeness(asked: readonly string[], known: readonly string[]): number {
  if (asked.length === 0 || known.length === 0) return 0;
  const back = new Set<string>();
  let shared = 0;
  for (const word of known) {
    const same = asked.filter((other) => isSame(other, word));
    if (same.length > 0) shared += 1;
    for (const other of same) back.add(other);
  }
  return (shared + back.size) / (asked.length + known.length);
}

/** The answer whose questions are most like this one, with its score; null below the threshold. A fitting language wins a tie. */
export function findBestAnswer(
  question: string,
  answers: readonly CommonAnswer[],
  language?: string,
): { id: string; answer: string; score: number } | null {
  const asked = tokensOf(normalise(question.slice(0, 1_000)));
  const wanted = (language ?? '').slice(0, 2).toLowerCase();
  let best: { id: string; answer: string; score: number; rank: number } | null = null;
  for (const item of answers) {
    const score = Math.max(0, ...item.questions.map((known) => likeness(asked, tokensOf(normalise(known)))));
    const fits = wanted !== '' && item.language.slice(0, 2).toLowerCase() === wanted;
    const rank = score + (fits ? 0.05 : 0);
    if (score >= threshold && (best === null || rank > best.rank))
      best = { id: item.id, answer: item.answer, score: Math.round(score * 100) / 100, rank };
  }
  return best && { id: best.id, answer: best.answer, score: best.score };
}
