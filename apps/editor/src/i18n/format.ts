/** Formatters that need a language and nothing else; `useFormat` binds them to the reader's. */

// Symbols, not words: "4 min" and "3 h" read the same in every language we speak.
const unitSteps = [
  { symbol: 'd', ms: 86_400_000 },
  { symbol: 'h', ms: 3_600_000 },
  { symbol: 'min', ms: 60_000 },
  { symbol: 's', ms: 1_000 },
] as const;

const withSymbol = (language: string, value: number, symbol: string, digits = 0) =>
  `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${symbol}`;

/** A length of time in at most two units: `240 ms`, `1.4 s`, `4 min`, `2 h 5 min`. */
export function formatSpan(language: string, ms: number): string {
  const length = Math.max(0, ms);
  if (length < 1_000) return withSymbol(language, Math.round(length), 'ms');
  if (length < 9_950) return withSymbol(language, length / 1_000, 's', 1);
  const rounded = Math.round(length / 1_000) * 1_000;
  const at = unitSteps.findIndex((step) => rounded >= step.ms);
  const [first, second] = [unitSteps[at], unitSteps[at + 1]];
  if (!first) return withSymbol(language, 0, 's');
  const whole = Math.floor(rounded / first.ms);
  const rest = second ? Math.floor((rounded - whole * first.ms) / second.ms) : 0;
  const wholeText = withSymbol(language, whole, first.symbol);
  return second && rest > 0 && whole < 10 ? `${wholeText} ${withSymbol(language, rest, second.symbol)}` : wholeText;
}

const ageWords = {
  en: { now: 'now', past: (span: string) => `${span} ago`, future: (span: string) => `in ${span}` },
  es: { now: 'ahora', past: (span: string) => `hace ${span}`, future: (span: string) => `en ${span}` },
} as const;

/** How long ago, or how long until: `3 s ago`, `in 4 min`. Under a second it is `now`. */
export function formatAge(language: string, at: string, now: number): string {
  const words = language.startsWith('es') ? ageWords.es : ageWords.en;
  const distance = Date.parse(at) - now;
  const size = Math.abs(distance);
  const step = unitSteps.find(({ ms }) => size >= ms);
  if (!step) return words.now;
  const span = withSymbol(language, Math.floor(size / step.ms), step.symbol);
  return distance < 0 ? words.past(span) : words.future(span);
}

/** Money from millionths of a US dollar; small sums keep the digits that matter. */
export const formatMicroUsd = (language: string, microUsd: number): string => formatMicro(language, microUsd, 'USD');

/** Money from millionths of any currency (ISO 4217). */
export function formatMicro(language: string, micro: number, currency: string): string {
  const amount = micro / 1_000_000;
  const digits =
    amount !== 0 && Math.abs(amount) < 0.01 ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits }).format(amount);
}

export const formatNumber = (language: string, value: number): string => new Intl.NumberFormat(language).format(value);

/** What a number is written with, for inputs: `1,234.5` or `1.234,5`. */
export function numberSeparators(language: string): { thousandSeparator: string; decimalSeparator: string } {
  const parts = new Intl.NumberFormat(language).formatToParts(1_234_567.8);
  const find = (wanted: string) => parts.find(({ type }) => type === wanted)?.value;
  return { thousandSeparator: find('group') ?? '', decimalSeparator: find('decimal') ?? '.' };
}

/** `1.4 MB`; decimal units. */
export function formatBytes(language: string, bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  const step = Math.min(units.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return withSymbol(language, value, units[step] ?? 'B', value < 10 && step > 0 ? 1 : 0);
}

const isSameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/** The time alone today, otherwise with the day: `10:42`, `21 Nov, 10:42`. */
export function formatMoment(language: string, at: string, now: number): string {
  const [moment, today] = [new Date(at), new Date(now)];
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  if (isSameDay(moment, today)) return new Intl.DateTimeFormat(language, time).format(moment);
  const year = moment.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...year, ...time }).format(moment);
}

/** Date and time in full, to the second: for tooltips and the audit. */
export const formatExact = (language: string, at: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

/** The day, for the lines between messages. */
export const formatDay = (language: string, at: string): string =>
  new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at));

/** `10:42:07`: for timelines. */
export const formatClock = (language: string, at: string): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(at));
