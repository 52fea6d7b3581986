import { isNear } from './edit-distance.ts';
import { normalise } from './normalise.ts';
import { indexOfWord, wordsOf } from './words.ts';

interface Choice {
  id: string;
  label: string;
}

/** The id of the choice that an answer means: the tapped button, its number in the list, its label, or its words. */
export function readChoice(text: string, choices: readonly Choice[], tapped?: string): string | null {
  const byButton = choices.find((choice) => choice.id === tapped);
  if (byButton) return byButton.id;
  const words = wordsOf(normalise(text)).join(' ');
  if (words === '') return null;
  const position = /^\d{1,2}$/.test(words) ? choices[Number(words) - 1] : undefined;
  const labelled = choices.map((choice) => ({ id: choice.id, label: wordsOf(normalise(choice.label)).join(' ') }));
  const exact = labelled.find((choice) => choice.label === words);
  if (exact ?? position) return (exact ?? position)?.id ?? null;
  const inside = labelled.filter(
    (choice) => indexOfWord(words, choice.label) >= 0 || (words.length > 1 && indexOfWord(choice.label, words) >= 0),
  );
  if (inside.length === 1) return inside[0]?.id ?? null;
  const near = labelled.filter((choice) => isNear(words, choice.label));
  return near.length === 1 ? (near[0]?.id ?? null) : null;
}
