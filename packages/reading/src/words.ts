import { normalise } from './normalise.ts';

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;
// These scripts put no spaces between words, so a word is found anywhere.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whole code points: half of a surrogate pair is no letter. */
const lettersOf = (text: string): string[] => Array.from(text);

const isBoundary = (inside: string | undefined, outside: string | undefined): boolean =>
  inside === undefined || outside === undefined || !wordCharacter.test(inside) || !wordCharacter.test(outside) || unspaced.test(inside);

/** Where a normalised word or phrase stands in a normalised text, as a whole word; -1 when it doesn't. */
export function indexOfWord(text: string, word: string): number {
  if (word === '') return -1;
  const letters = lettersOf(word);
  const [first, last] = [letters[0], letters.at(-1)];
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    const before = lettersOf(text.slice(Math.max(0, from - 2), from)).at(-1);
    const after = lettersOf(text.slice(from + word.length, from + word.length + 2))[0];
    if (isBoundary(first, before) && isBoundary(last, after)) return from;
  }
  return -1;
}

/** Whether a text holds a word or phrase; case, accents and punctuation around it don't matter. */
export const containsWord = (text: string, word: string): boolean => indexOfWord(normalise(text), normalise(word)) >= 0;

/** The words of a normalised text, without punctuation. */
export const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '');
