import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useRef } from 'react';
import { useFormContext } from '../form/form-context.tsx';
import { ChipInput, type ChipInputHandle } from './chip-input.tsx';
import { hasLiquid, liquidOf } from './chip-model.ts';
import { DataPicker } from './data-picker.tsx';
import { FormatBar } from './format-bar.tsx';
import { renderPreview } from './preview.ts';
import { useSaid } from '../../parts/use-said.ts';
import css from './chip-input.module.css';

interface Props {
  id: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
  isMultiline: boolean;
  placeholder?: string | undefined;
  hasError?: boolean;
  /** Shows below what the text becomes with the known values. */
  hasPreview?: boolean;
  /** The text is formatted: signs above it, and shortcuts. */
  isFormatted?: boolean;
  /** A value alone in it stays what it is: a list, a file. */
  keepsType?: boolean;
}

/** A text in which values of the run can be used: chips, the data picker, and a preview of the result. */
export function TemplateInput({
  id,
  label,
  value,
  onChange,
  isMultiline,
  placeholder,
  hasError = false,
  hasPreview = true,
  isFormatted = false,
  keepsType = false,
}: Props) {
  const { labelOf, undo } = useFormContext();
  const input = useRef<ChipInputHandle>(null);
  return (
    <div>
      {isFormatted ? <FormatBar onFormat={(formatting) => input.current?.format(formatting)} /> : null}
      <div className={css.frame} data-error={hasError}>
        <ChipInput
          ref={input}
          id={id}
          label={label}
          value={value}
          onChange={onChange}
          onUndo={undo}
          labelOf={labelOf}
          isMultiline={isMultiline}
          isFormatted={isFormatted}
          placeholder={readablePlaceholder(placeholder)}
        />
        <div className={css.pick}>
          <DataPicker onPick={(path) => input.current?.insert(liquidOf(path))} />
        </div>
      </div>
      {hasPreview && hasLiquid(value) ? <Preview text={value} keepsType={keepsType} /> : null}
    </div>
  );
}

/** Examples show what a person would see, not how it is written. */
const readablePlaceholder = (text = ''): string =>
  text.replaceAll(/\{\{\s*([\w.]+)[^}]*\}\}/g, (_whole: string, path: string) => `‹${path.split('.').at(-1) ?? ''}›`);

function Preview({ text, keepsType }: { text: string; keepsType: boolean }) {
  const said = useSaid();
  const { scope } = useFormContext();
  const later = useDeferredValue(text);
  const result = useMemo(() => renderPreview(later, scope(), keepsType), [later, scope, keepsType]);
  if (result.kind === 'text' && result.text.trim() === '') return null;
  return (
    <div className={css.preview} data-bad={result.kind === 'problem'}>
      {result.kind === 'problem' ? (
        <IconAlertTriangle size={14} stroke={1.5} aria-hidden />
      ) : (
        <IconArrowRight size={14} stroke={1.5} aria-hidden />
      )}
      <span>{result.kind === 'problem' ? said(result.text) : result.text}</span>
    </div>
  );
}
