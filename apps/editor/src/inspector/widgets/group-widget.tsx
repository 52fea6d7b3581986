import type { JsonObject } from '@holdfast/node-kit';
import { Select } from '@mantine/core';
import { useFieldWords } from '../form/field-words.ts';
import { FieldList } from '../form/field-list.tsx';
import type { FieldShape } from '../form/form-field.ts';
import { blankObject, isJsonObject, titleFromKey } from '../form/form-value.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

export function GroupWidget({ field, path, value, onChange }: WidgetProps) {
  if (field.shape.kind !== 'group') return null;
  return (
    <div className={css.inset}>
      <FieldList fields={field.shape.fields} value={isJsonObject(value) ? value : {}} prefix={`${path}.`} onChange={onChange} />
    </div>
  );
}

export function VariantsWidget({ field, path, value, onChange }: WidgetProps) {
  if (field.shape.kind !== 'variants') return null;
  return (
    <div className={css.inset}>
      <VariantFields shape={field.shape} value={isJsonObject(value) ? value : {}} path={path} onChange={onChange} />
    </div>
  );
}

interface VariantFieldsProps {
  shape: Extract<FieldShape, { kind: 'variants' }>;
  value: JsonObject;
  path: string;
  onChange: (value: JsonObject) => void;
}

/** First which form the object takes, then that form's fields. What both forms know is kept on a change. */
export function VariantFields({ shape, value, path, onChange }: VariantFieldsProps) {
  const words = useFieldWords(`${path}.${shape.discriminator}`, shape.discriminator, {});
  const current = shape.variants.find((variant) => variant.value === value[shape.discriminator]) ?? shape.variants[0];
  if (!current) return null;
  const choose = (chosen: string | null) => {
    const next = shape.variants.find((variant) => variant.value === chosen);
    if (!next) return;
    const kept = Object.fromEntries(Object.entries(value).filter(([key]) => next.fields.some((field) => field.key === key)));
    onChange({ ...blankObject(next.fields), ...kept, [shape.discriminator]: next.value });
  };
  return (
    <div className={css.fields}>
      <Select
        size="sm"
        label={words.title}
        value={current.value}
        onChange={choose}
        allowDeselect={false}
        data={shape.variants.map((variant) => ({
          value: variant.value,
          label: words.options?.[variant.value] ?? titleFromKey(variant.value),
        }))}
      />
      <FieldList
        fields={current.fields}
        value={value}
        prefix={`${path}.`}
        onChange={(next) => onChange({ ...next, [shape.discriminator]: current.value })}
      />
    </div>
  );
}
