import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { isJsonObject } from '../form/form-value.ts';
import { TemplateInput } from '../template-input/template-input.tsx';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

type Row = readonly [name: string, value: string];

const asText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
const rowsOf = (value: JsonValue | undefined): Row[] =>
  isJsonObject(value) ? Object.entries(value).map(([name, item]) => [name, asText(item)]) : [];
/** Rows whose name is still empty wait in the form; the config holds named values only. */
const objectOf = (rows: readonly Row[]): JsonObject => Object.fromEntries(rows.filter(([name]) => name.trim() !== ''));

/** Names with values, in rows. While it is open the rows are the truth, so that a half-typed name does not lose its row. */
export function KeyValueWidget({ id, words, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(value));
  // Undo, or another step's config, comes from outside: then the rows follow.
  const shown = JSON.stringify(objectOf(rows)) === JSON.stringify(isJsonObject(value) ? value : {}) ? rows : rowsOf(value);
  const change = (next: readonly Row[]) => {
    setRows(next);
    onChange(objectOf(next));
  };
  return (
    <div className={css.items}>
      {shown.map(([name, text], index) => (
        <div key={index} className={css.row}>
          <TextInput
            value={name}
            placeholder={t('form.name')}
            aria-label={`${words.title}: ${t('form.name')}`}
            w={112}
            flex="none"
            onChange={(event) => change(shown.with(index, [event.currentTarget.value, text]))}
          />
          <div className={css.grow}>
            <TemplateInput
              id={`${id}-${index}`}
              label={`${words.title}: ${name}`}
              value={text}
              isMultiline={false}
              placeholder={t('form.value')}
              onChange={(next) => change(shown.with(index, [name, next]))}
            />
          </div>
          <BarButton Icon={IconX} label={t('form.remove')} onClick={() => change(shown.toSpliced(index, 1))} />
        </div>
      ))}
      <button type="button" className={css.add} onClick={() => setRows([...shown, ['', '']])}>
        <IconPlus size={16} stroke={1.75} aria-hidden />
        {t('form.add')}
      </button>
    </div>
  );
}
