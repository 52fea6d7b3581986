import type { JsonValue } from '@holdfast/node-kit';
import { numberOf } from '../fields/number-of.ts';
import type { ValueFormat } from '../fields/value-format.ts';

export interface Locale {
  /** A BCP 47 tag. */
  language: string;
  /** ISO 4217; what is none stands behind the number as it is. */
  currency: string;
  timeZone: string;
}

/** A value as people of a language write it. What is no number or day stays the text that it is. */
export function formatValue(value: JsonValue | undefined, as: ValueFormat, locale: Locale): string {
  if (as === 'text' || value === null || value === undefined) return textOf(value);
  if (as === 'date' || as === 'date-time') return dayOf(value, as, locale) ?? textOf(value);
  const number = numberOf(value);
  return number === null ? textOf(value) : formatNumber(number, as, locale);
}

const textOf = (value: JsonValue | undefined): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function formatNumber(number: number, as: 'number' | 'amount' | 'money' | 'percent', { language, currency }: Locale): string {
  // Spanish writes 1234 without a point; on a bill it is expected.
  const format = (options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(language, { useGrouping: 'always', ...options }).format(number);
  switch (as) {
    case 'number':
      return format({ maximumFractionDigits: 6 });
    case 'amount':
      return format({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
    case 'percent':
      return format({ style: 'percent', maximumFractionDigits: 2 });
    case 'money': {
      const code = currency.trim().toUpperCase();
      if (/^[A-Z]{3}$/.test(code)) return format({ style: 'currency', currency: code });
      return `${format({ minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency.trim()}`.trim();
    }
  }
}

const isoDay = /^\d{4}-\d{2}-\d{2}$/;
const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

function dayOf(value: JsonValue, as: 'date' | 'date-time', { language, timeZone }: Locale): string | null {
  if (typeof value !== 'string' || !(isoDay.test(value.trim()) || isoTime.test(value.trim()))) return null;
  const isDay = isoDay.test(value.trim());
  const at = new Date(value.trim().replace(' ', 'T'));
  if (Number.isNaN(at.getTime())) return null;
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    ...(as === 'date-time' && !isDay ? { timeStyle: 'short' } : {}),
    // A day alone is the same day everywhere.
    timeZone: isDay ? 'UTC' : timeZone,
  }).format(at);
}
