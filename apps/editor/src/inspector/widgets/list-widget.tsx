import { MultiSelect, TagsInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { titleFromKey } from '../form/form-value.ts';
import { TemplateInput } from '../template-input/template-input.tsx';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** A list of words, of choices, or of texts that may hold values of the run. */
export function ListWidget(props: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { id, field, words, value, hasError, onChange } = props;
  const item = field.shape.kind === 'list' ? field.shape.item : null;
  if (item?.hints.template) return <TemplateList {...props} />;
  if (item?.shape.kind === 'choice') {
    const options = item.shape.options.map((option) => ({ value: option, label: words.options?.[option] ?? titleFromKey(option) }));
    return <MultiSelect id={id} data={options} value={texts(value)} error={hasError} aria-label={words.title} onChange={onChange} />;
  }
  const current = texts(value);
  return (
    <TagsInput
      id={id}
      value={current}
      error={hasError}
      aria-label={words.title}
      splitChars={[',', ';']}
      acceptValueOnBlur
      clearable={false}
      onChange={onChange}
      placeholder={current.length === 0 ? (words.placeholder ?? '') : t('form.addWord')}
      styles={{ pill: { background: 'var(--surface-2)', color: 'var(--text-1)' } }}
    />
  );
}

function TemplateList({ id, words, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const current = texts(value);
  return (
    <div className={css.items}>
      {current.map((text, index) => (
        <div key={index} className={css.row}>
          <div className={css.grow}>
            <TemplateInput
              id={`${id}-${index}`}
              label={words.title}
              value={text}
              isMultiline={false}
              placeholder={words.placeholder}
              onChange={(next) => onChange(current.with(index, next))}
            />
          </div>
          <BarButton Icon={IconX} label={t('form.remove')} onClick={() => onChange(current.toSpliced(index, 1))} />
        </div>
      ))}
      <button type="button" className={css.add} onClick={() => onChange([...current, ''])}>
        <IconPlus size={16} stroke={1.75} aria-hidden />
        {t('form.add')}
      </button>
    </div>
  );
}
