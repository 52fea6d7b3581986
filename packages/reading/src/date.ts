import { normalise } from './normalise.ts';
import { indexOfWord } from './words.ts';

const dayMs = 86_400_000;
/** Whole words, longest first where one holds another. Normalised: no accents. */
const relative: readonly [string, number][] = [
  ['day after tomorrow', 2],
  ['pasado manana', 2],
  ['ubermorgen', 2],
  ['apres-demain', 2],
  ['tomorrow', 1],
  ['manana', 1],
  ['amanha', 1],
  ['demain', 1],
  ['morgen', 1],
  ['domani', 1],
  ['kesho', 1],
  ['明天', 1],
  ['завтра', 1],
  ['غدا', 1],
  ['today', 0],
  ['hoy', 0],
  ['hoje', 0],
  ["aujourd'hui", 0],
  ['heute', 0],
  ['oggi', 0],
  ['leo', 0],
  ['今天', 0],
  ['сегодня', 0],
  ['اليوم', 0],
  ['yesterday', -1],
  ['ayer', -1],
  ['ontem', -1],
  ['hier', -1],
  ['gestern', -1],
  ['ieri', -1],
  ['jana', -1],
  ['昨天', -1],
  ['вчера', -1],
  ['امس', -1],
];
const months = [
  'jan ene janv',
  'feb fev',
  'mar',
  'apr abr avr',
  'may mai mag',
  'jun juin giu',
  'jul juil lug',
  'aug ago aou',
  'sep set',
  'oct okt out ott',
  'nov',
  'dec dic dez',
];

/** Year, month and day as ISO date; null when no such day exists. */
function isoDate(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : null;
}

const fullYear = (text: string | undefined, today: string): number =>
  text === undefined ? Number(today.slice(0, 4)) : text.length === 2 ? 2000 + Number(text) : Number(text);

function byNumbers(text: string, order: 'day-first' | 'month-first', today: string): string | null {
  const iso = /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text);
  if (iso) return isoDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const found = /(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{4}|\d{2}))?(?!\d)/.exec(text);
  if (!found) return null;
  const [first, second] = [Number(found[1]), Number(found[2])];
  const year = fullYear(found[3], today);
  const given = order === 'day-first' ? isoDate(year, second, first) : isoDate(year, first, second);
  // 24/12 can only be meant one way, whatever the usual order is.
  return given ?? (order === 'day-first' ? isoDate(year, first, second) : isoDate(year, second, first));
}

function byMonthName(text: string, today: string): string | null {
  const found = /(?<!\d)(\d{1,2})\.?\s+(?:de\s+|of\s+)?(\p{L}{3,})\.?(?:\s+(?:de\s+|del\s+)?(\d{4}))?/u.exec(text) ?? undefined;
  const reversed = found ? undefined : /(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?!\d)/u.exec(text);
  const [day, name, year] = found ? [found[1], found[2], found[3]] : [reversed?.[2], reversed?.[1], reversed?.[3]];
  if (day === undefined || name === undefined) return null;
  const month = months.findIndex((starts) => starts.split(' ').some((start) => name.startsWith(start)));
  return month < 0 ? null : isoDate(fullYear(year, today), month + 1, Number(day));
}

/** A date in a text as `YYYY-MM-DD`: written in numbers, with a month's name, or as today, tomorrow, mañana… `today` is an ISO date. */
export function readDate(text: string, { order, today }: { order: 'day-first' | 'month-first'; today: string }): string | null {
  const plain = normalise(text).slice(0, 500);
  const near = relative.find(([word]) => indexOfWord(plain, word) >= 0);
  const dated = byNumbers(plain, order, today) ?? byMonthName(plain, today);
  if (dated !== null) return dated;
  const start = Date.parse(`${today}T00:00:00Z`);
  return near === undefined || Number.isNaN(start) ? null : new Date(start + near[1] * dayMs).toISOString().slice(0, 10);
}
