import { expectedActivity, weekdays, type ExpectedActivity } from '@holdfast/node-kit';
import { Chip, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { timeZoneHere } from '../../parts/time-zone-here.ts';
import { TimeZoneSelect } from '../../parts/time-zone-select.tsx';
import { useActivitySentence } from './use-activity-sentence.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

const usual = (): ExpectedActivity => ({
  atLeast: 1,
  from: '08:00',
  to: '18:00',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  timezone: timeZoneHere(),
});

// The first of January 2024 was a Monday.
const dayName = (language: string, nth: number): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + nth)));

/** How much is expected when, as one sentence that can be read back. */
export function ExpectedActivityWidget({ id, value, isSet, onChange }: WidgetProps) {
  const { t, i18n } = useTranslation('health');
  const say = useActivitySentence();
  const parsed = expectedActivity.safeParse(value);
  // A draft may hold what does not fit yet: it is shown as it is written.
  const shown: ExpectedActivity = { ...usual(), ...(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) };
  const change = (part: Partial<ExpectedActivity>) => onChange({ ...shown, ...part });
  return (
    <Stack gap={8}>
      <Switch
        id={id}
        label={t('expects.on')}
        checked={isSet}
        onChange={(event) => onChange(event.currentTarget.checked ? usual() : undefined)}
      />
      {isSet ? (
        <>
          <NumberInput
            label={t('expects.atLeast')}
            w={132}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={shown.atLeast}
            onChange={(next) => change({ atLeast: typeof next === 'number' ? next : 1 })}
          />
          <Group gap={8} align="flex-end" wrap="wrap">
            <TextInput
              type="time"
              label={t('expects.from')}
              w={132}
              value={shown.from}
              onChange={(event) => change({ from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t('expects.to')}
              w={132}
              value={shown.to}
              onChange={(event) => change({ to: event.currentTarget.value })}
            />
          </Group>
          <Chip.Group multiple value={[...shown.days]} onChange={(days) => change({ days: weekdays.filter((day) => days.includes(day)) })}>
            <Group gap={6} role="group" aria-label={t('expects.days')}>
              {weekdays.map((day, nth) => (
                <Chip key={day} value={day} size="xs" variant="light">
                  {dayName(i18n.language, nth)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <TimeZoneSelect
            label={t('expects.timezone')}
            value={shown.timezone}
            onChange={(zone) => change({ timezone: zone ?? 'UTC' })}
            allowDeselect={false}
          />
          <p className={css.description} aria-live="polite">
            {parsed.success ? say(parsed.data) : t('expects.incomplete')}
          </p>
        </>
      ) : null}
    </Stack>
  );
}
