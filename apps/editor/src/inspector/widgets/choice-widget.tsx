import { SegmentedControl, Select, Switch } from '@mantine/core';
import { titleFromKey } from '../form/form-value.ts';
import type { WidgetProps } from './widget.ts';

/** A few short choices lie open; more, or long ones, wait in a list. */
export function ChoiceWidget({ id, field, words, value, hasError, onChange }: WidgetProps) {
  const options = field.shape.kind === 'choice' ? field.shape.options : [];
  const data = options.map((option) => ({ value: option, label: words.options?.[option] ?? titleFromKey(option) }));
  const current = typeof value === 'string' ? value : null;
  const isShort = data.length <= 3 && data.reduce((sum, option) => sum + option.label.length, 0) <= 34;
  if (isShort)
    return <SegmentedControl id={id} fullWidth size="xs" data={data} value={current ?? ''} aria-label={words.title} onChange={onChange} />;
  return (
    <Select
      id={id}
      data={data}
      value={current}
      error={hasError}
      aria-label={words.title}
      title={data.find((option) => option.value === current)?.label}
      allowDeselect={!field.isRequired && current === null}
      searchable={data.length > 8}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

export function SwitchWidget({ id, words, value, onChange }: WidgetProps) {
  return (
    <Switch
      id={id}
      checked={value === true}
      label={words.title}
      description={words.description}
      onChange={(event) => onChange(event.currentTarget.checked)}
      styles={{ label: { fontSize: 13 } }}
    />
  );
}
