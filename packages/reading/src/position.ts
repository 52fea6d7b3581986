import { wordsOf } from './words.ts';

// Normalised. By position, from the first; a word that two languages share means the same in both.
const numbers = [
  'one uno una un eins eine ein um uma',
  'two dos deux zwei dois duas due',
  'three tres trois drei tre',
  'four cuatro quatre vier quatro quattro',
  'five cinco cinq funf cinque',
  'six seis sechs sei',
  'seven siete sept sieben sete sette',
  'eight ocho huit acht oito otto',
  'nine nueve neuf neun nove',
  'ten diez dix zehn dez dieci',
];
const ordinals = [
  'first primero primera primer premier premiere erste erster erstes primeiro primeira primo prima',
  'second segundo segunda deuxieme seconde zweite zweiter zweites secondo seconda',
  'third tercero tercera tercer troisieme dritte dritter drittes terceiro terceira terzo terza',
  'fourth cuarto cuarta quatrieme vierte vierter viertes quarto quarta',
  'fifth quinto quinta cinquieme funfte funfter funftes',
  'sixth sexto sexta sixieme sechste sechster sechstes sesto sesta',
  'seventh septimo septima septieme siebte siebter siebtes setimo setima settimo settima',
  'eighth octavo octava huitieme achte achter achtes oitavo oitava ottavo ottava',
  'ninth noveno novena neuvieme neunte neunter neuntes nono nona',
  'tenth decimo decima dixieme zehnte zehnter zehntes',
];
const byWord = (lines: readonly string[]) =>
  new Map(lines.flatMap((line, index) => line.split(' ').map((word) => [word, index + 1] as const)));
const cardinal = byWord(numbers);
const ordinal = byWord(ordinals);
/** Said around a position, and meaning nothing by itself. */
const around = new Set(
  'the la el lo le les die der das il option opcion opcao opzione choice number numero nummer nr nro num answer respuesta please por favor gracias thanks bitte grazie'.split(
    ' ',
  ),
);
const written = /^(\d{1,2})(?:st|nd|rd|th|o|a|er|re|e|me|do|da|ro|ra|to|ta|te)?$/u;

/** The place in a list that a normalised answer names, from 1: "2", "2)", "2nd", "two", "la segunda", "opción 2", "the second one". Null for anything else. */
export function readPosition(text: string): number | null {
  // Around a digit: the box that an emoji draws, and the full stop of "3.º".
  const words = wordsOf(text.replaceAll(/[\uFE0F\u20E3]|(?<=\d)\.(?=[oa]\b)/gu, '')).filter((word) => !around.has(word));
  const [word = '', one] = words;
  if (words.length > 2 || (one !== undefined && !(one === 'one' && ordinal.has(word)))) return null;
  const digits = written.exec(word)?.[1];
  return digits === undefined ? (ordinal.get(word) ?? cardinal.get(word) ?? null) : Number(digits);
}
