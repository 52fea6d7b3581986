import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeKind, parseCron, writeCron, type CronPattern } from './cron-pattern.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

const kinds = ['hourly', 'daily', 'weekdays', 'weekly', 'monthly', 'custom'] as const;
const isKind = (text: string | null): text is CronPattern['kind'] => kinds.some((kind) => kind === text);
const clock = (pattern: { hour: number; minute: number }): string =>
  `${String(pattern.hour).padStart(2, '0')}:${String(pattern.minute).padStart(2, '0')}`;

/** A schedule in words, with the cron text for those who want it. */
export function CronWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t, i18n } = useTranslation('inspector');
  const text = typeof value === 'string' ? value : '';
  const [wantsText, setWantsText] = useState(false);
  const parsed = parseCron(text);
  const pattern: CronPattern = wantsText ? { kind: 'custom', text } : parsed;
  const dayName = (day: number): string =>
    new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 10, 22 + day)));
  const change = (next: CronPattern) => onChange(writeCron(next));
  return (
    <div className={css.items}>
      <Select
        id={id}
        aria-label={words.title}
        value={pattern.kind}
        error={hasError}
        allowDeselect={false}
        data={kinds.map((kind) => ({ value: kind, label: t(`cron.${kind}`) }))}
        onChange={(kind) => {
          if (!isKind(kind)) return;
          setWantsText(kind === 'custom');
          change(changeKind(parsed, kind));
        }}
      />
      <div className={css.row}>
        {pattern.kind === 'weekly' ? (
          <Select
            aria-label={t('cron.day')}
            className={css.grow ?? ''}
            allowDeselect={false}
            value={String(pattern.day)}
            data={[1, 2, 3, 4, 5, 6, 0].map((day) => ({ value: String(day), label: dayName(day) }))}
            onChange={(day) => change({ ...pattern, day: Number(day) })}
          />
        ) : null}
        {pattern.kind === 'monthly' ? (
          <NumberInput
            aria-label={t('cron.date')}
            w={110}
            min={1}
            max={31}
            value={pattern.date}
            prefix={`${t('cron.date')} `}
            onChange={(date) => change({ ...pattern, date: Number(date) })}
          />
        ) : null}
        {'hour' in pattern ? (
          <TextInput
            type="time"
            aria-label={t('cron.time')}
            w={130}
            value={clock(pattern)}
            onChange={(event) => {
              const [hour, minute] = event.currentTarget.value.split(':').map(Number);
              if (hour !== undefined && minute !== undefined) change({ ...pattern, hour, minute });
            }}
          />
        ) : null}
        {pattern.kind === 'hourly' ? (
          <NumberInput
            aria-label={t('cron.minute')}
            w={160}
            min={0}
            max={59}
            value={pattern.minute}
            suffix={` ${t('cron.minute')}`}
            onChange={(minute) => change({ ...pattern, minute: Number(minute) })}
          />
        ) : null}
        {pattern.kind === 'custom' ? (
          <TextInput
            className={css.grow ?? ''}
            aria-label={t('cron.custom')}
            description={t('cron.parts')}
            value={text}
            placeholder="0 9 * * 1-5"
            styles={{ input: { fontFamily: 'var(--font-data)' } }}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        ) : null}
      </div>
    </div>
  );
}
