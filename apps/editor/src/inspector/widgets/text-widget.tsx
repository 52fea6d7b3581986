import { NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormContext } from '../form/form-context.tsx';
import { TemplateInput } from '../template-input/template-input.tsx';
import type { WidgetProps } from './widget.ts';

export function TextWidget({ id, field, words, value, isSet, hasError, onChange }: WidgetProps) {
  const { isRich } = useFormContext();
  const text = typeof value === 'string' ? value : '';
  if (field.hints.template) {
    const isFormatted = isRich && field.hints.insertsAs === 'rich';
    return (
      <TemplateInput
        id={id}
        label={words.title}
        value={text}
        onChange={onChange}
        isMultiline={field.hints.editor === 'prompt'}
        placeholder={words.placeholder}
        hasError={hasError}
        isFormatted={isFormatted}
        keepsType={field.hints.keepsType ?? false}
        hasPreview={!isFormatted || field.hints.editor !== 'prompt'}
      />
    );
  }
  return (
    <TextInput
      id={id}
      value={text}
      error={hasError}
      aria-label={words.title}
      {...(words.placeholder === undefined ? {} : { placeholder: words.placeholder })}
      onChange={(event) => onChange(event.currentTarget.value === '' && !field.isRequired && isSet ? undefined : event.currentTarget.value)}
    />
  );
}

export function NumberWidget({ id, field, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const shape = field.shape.kind === 'number' ? field.shape : { min: null, max: null, isInteger: false };
  return (
    <NumberInput
      id={id}
      value={typeof value === 'number' ? value : ''}
      error={hasError}
      aria-label={words.title}
      allowDecimal={!shape.isInteger}
      clampBehavior="none"
      w={140}
      {...(shape.min === null ? {} : { min: shape.min })}
      {...(shape.max === null ? {} : { max: shape.max })}
      placeholder={t('form.number')}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
    />
  );
}
