import { NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

const units = ['ms', 's', 'm', 'h', 'd'] as const;
type Unit = (typeof units)[number];
const isUnit = (text: string | undefined): text is Unit => units.some((unit) => unit === text);

/** `90s` as an amount and its unit, the way it was written. */
export function splitDuration(text: string): { amount: number; unit: Unit } | null {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return found && isUnit(found[2]) ? { amount: Number(found[1]), unit: found[2] } : null;
}

export function DurationWidget({ id, field, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const current = typeof value === 'string' ? splitDuration(value) : null;
  const unit = current?.unit ?? 'm';
  return (
    <div className={css.row}>
      <NumberInput
        id={id}
        value={current?.amount ?? ''}
        min={0}
        allowNegative={false}
        error={hasError}
        aria-label={words.title}
        w={110}
        placeholder={field.isRequired ? '' : (words.placeholder ?? t('duration.none'))}
        onChange={(amount) => onChange(typeof amount === 'number' ? `${amount}${unit}` : undefined)}
      />
      <Select
        value={unit}
        w={130}
        aria-label={t('duration.unit')}
        allowDeselect={false}
        data={units.filter((item) => item !== 'ms' || unit === 'ms').map((item) => ({ value: item, label: t(`duration.${item}`) }))}
        onChange={(next) => onChange(`${current?.amount ?? 1}${next ?? unit}`)}
      />
    </div>
  );
}
