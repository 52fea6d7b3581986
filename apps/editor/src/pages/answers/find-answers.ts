import type { Answer } from '@holdfast/contracts';

const plain = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();

/** The answers whose questions or text hold every word that was typed; accents and case don't matter. */
export function findAnswers(answers: readonly Answer[], search: string): Answer[] {
  const words = plain(search).split(/\s+/u).filter(Boolean);
  return answers.filter(({ questions, answer }) => {
    const text = plain([...questions, answer].join('\n'));
    return words.every((word) => text.includes(word));
  });
}
