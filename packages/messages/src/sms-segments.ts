import { gsmLookalikes, gsmPlaces } from './gsm-alphabet.ts';

export interface SmsSegments {
  encoding: 'GSM-7' | 'UCS-2';
  /** What is paid for. */
  segments: number;
  /** Places that are left in the last segment. */
  left: number;
  /** The characters that make it UCS-2, each once. */
  foreign: string[];
}

// 3GPP TS 23.040: a message of several segments spends six bytes of each on telling them apart.
const sizes = { 'GSM-7': { alone: 160, joined: 153 }, 'UCS-2': { alone: 70, joined: 67 } } as const;

/** How many segments a text takes. Neither an extension character nor an emoji is divided between two. */
export function countSmsSegments(text: string): SmsSegments {
  const characters = [...text];
  const foreign = [...new Set(characters.filter((character) => !gsmPlaces.has(character)))];
  const encoding = foreign.length === 0 ? 'GSM-7' : 'UCS-2';
  const places = characters.map((character) => (encoding === 'GSM-7' ? (gsmPlaces.get(character) ?? 1) : character.length));
  const total = places.reduce<number>((sum, one) => sum + one, 0);
  const { alone, joined } = sizes[encoding];
  if (total <= alone) return { encoding, segments: total === 0 ? 0 : 1, left: alone - total, foreign };
  let segments = 1;
  let used = 0;
  for (const one of places) {
    if (used + one > joined) {
      segments += 1;
      used = 0;
    }
    used += one;
  }
  return { encoding, segments, left: joined - used, foreign };
}

/** Curly quotes, dashes and the like as their plain twins, if that makes the whole text fit the cheaper alphabet; else as it is. */
export function plainForSms(text: string): string {
  const plain = [...text].map((character) => gsmLookalikes.get(character) ?? character).join('');
  return [...plain].every((character) => gsmPlaces.has(character)) ? plain : text;
}
