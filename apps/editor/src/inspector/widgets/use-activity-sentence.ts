import { weekdays, type ExpectedActivity } from '@holdfast/node-kit';
import { useTranslation } from 'react-i18next';

/** What is expected, in one sentence of the reader's language. */
export function useActivitySentence(): (expects: ExpectedActivity) => string {
  const { t, i18n } = useTranslation('health');
  return ({ atLeast, from, to, days, timezone }) => {
    const names = days.map((day) =>
      new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' }).format(
        new Date(Date.UTC(2024, 0, 1 + weekdays.indexOf(day))),
      ),
    );
    const list =
      days.length === weekdays.length
        ? t('expects.everyDay')
        : t('expects.onDays', { days: new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names) });
    const end = from < to ? to : from === to ? t('expects.sameTime', { time: to }) : t('expects.nextDay', { time: to });
    return t('expects.sentence', { count: atLeast, from, to: end, days: list, timezone: timezone.replaceAll('_', ' ') });
  };
}
