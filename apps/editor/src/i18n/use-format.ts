import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { regionalLocale } from './regional-locale.ts';
import {
  formatBytes,
  formatClock,
  formatDay,
  formatExact,
  formatMicro,
  formatMicroUsd,
  formatMoment,
  formatNumber,
  formatSpan,
  numberSeparators,
} from './format.ts';

/** The formatters, bound to the reader's language. */
export function useFormat() {
  const { language } = useTranslation().i18n;
  return useMemo(() => bind(regionalLocale(language, navigator.languages)), [language]);
}

const bind = (language: string) => ({
  span: (ms: number) => formatSpan(language, ms),
  money: (microUsd: number) => formatMicroUsd(language, microUsd),
  price: (micro: number, currency: string) => formatMicro(language, micro, currency),
  separators: numberSeparators(language),
  list: (parts: readonly string[]) => new Intl.ListFormat(language).format(parts),
  number: (value: number) => formatNumber(language, value),
  bytes: (bytes: number) => formatBytes(language, bytes),
  moment: (at: string) => formatMoment(language, at, Date.now()),
  exact: (at: string) => formatExact(language, at),
  day: (at: string) => formatDay(language, at),
  clock: (at: string) => formatClock(language, at),
});
