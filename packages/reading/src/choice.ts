import { isNear } from './edit-distance.ts';
import { normalise } from './normalise.ts';
import { readPosition } from './position.ts';
import { indexOfWord, wordsOf } from './words.ts';

interface Choice {
  id: string;
  label: string;
}

/** The id of the choice that an answer means: the tapped button, its number in the list ("2", "2)", "two", "la segunda"), its label, or its words. */
export function readChoice(text: string, choices: readonly Choice[], tapped?: string): string | null {
  const byButton = choices.find((choice) => choice.id === tapped);
  if (byButton) return byButton.id;
  const words = wordsOf(normalise(text)).join(' ');
  if (words === '') return null;
  const position = readPosition(normalise(text));
  const named = position === null ? undefined : choices[position - 1];
  // A number is the one that stands before the choice; a word may as well be one of a label's own.
  const numbered = /^\d/.test(words) ? named : undefined;
  const labelled = choices.map((choice) => ({ id: choice.id, label: wordsOf(normalise(choice.label)).join(' ') }));
  const exact = labelled.find((choice) => choice.label === words);
  if (exact ?? numbered) return (exact ?? numbered)?.id ?? null;
  const inside = labelled.filter(
    (choice) => indexOfWord(words, choice.label) >= 0 || (words.length > 1 && indexOfWord(choice.label, words) >= 0),
  );
  if (inside.length === 1) return inside[0]?.id ?? null;
  if (named) return named.id;
  const near = labelled.filter((choice) => isNear(words, choice.label));
  return near.length === 1 ? (near[0]?.id ?? null) : null;
}
