import type { JsonValue, OperationField } from '@holdfast/node-kit';
import { Select } from '@mantine/core';
import { IconBraces, IconListCheck } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { CodeEditor, type CodeEditorHandle } from '../code-editor/code-editor.tsx';
import { FieldProblems, findingsOf } from '../form/field-problems.tsx';
import { useFormContext } from '../form/form-context.tsx';
import { isJsonObject } from '../form/form-value.ts';
import { useFoundField } from '../form/use-found-field.ts';
import { liquidOf } from '../template-input/chip-model.ts';
import { DataPicker } from '../template-input/data-picker.tsx';
import { TemplateInput } from '../template-input/template-input.tsx';
import code from '../code-editor/code-editor.module.css';
import css from '../form/form.module.css';

interface Props {
  id: string;
  path: string;
  field: OperationField;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
}

/** One field of an operation: its kind decides the input, and every input takes values of the run. Emptied, it is left out of the call. */
export function OperationFieldInput({ id, path, field, value, onChange }: Props) {
  const { t } = useTranslation('inspector');
  const { findings } = useFormContext();
  const { frame, isFound } = useFoundField(path);
  const own = findingsOf(findings, path);
  const input = { id, field, value, hasError: own.some(({ severity }) => severity === 'error'), onChange };
  const words = field.enum ?? (field.type === 'boolean' ? ['true', 'false'] : null);
  return (
    <div ref={frame} className={css.field} data-found={isFound} data-field={path}>
      <label className={css.label} htmlFor={id}>
        {field.title}
        <small className={css.kind}>
          {[t(`operation.type.${field.type}`), ...(field.required ? [t('operation.required')] : [])].join(' · ')}
        </small>
      </label>
      {field.description ? <p className={css.description}>{field.description}</p> : null}
      {field.type === 'json' && field.placeholder ? (
        <p className={css.description}>
          <code>{field.placeholder}</code>
        </p>
      ) : null}
      {field.type === 'json' ? <JsonInput {...input} /> : words ? <WordInput {...input} words={words} /> : <FreeInput {...input} />}
      <FieldProblems findings={own} />
    </div>
  );
}

type InputProps = Omit<Props, 'path'> & { hasError: boolean };

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const orNothing = (text: string): string | undefined => (text === '' ? undefined : text);

const FreeInput = ({ id, field, value, hasError, onChange }: InputProps) => (
  <TemplateInput
    id={id}
    label={field.title}
    value={textOf(value)}
    isMultiline={false}
    placeholder={field.placeholder}
    hasError={hasError}
    onChange={(text) => onChange(orNothing(text))}
  />
);

/** One of a few words, or a value of the run that is one. */
function WordInput({ words, ...props }: InputProps & { words: readonly string[] }) {
  const { t } = useTranslation('inspector');
  const { id, field, value, hasError, onChange } = props;
  const text = textOf(value);
  const [isFree, setIsFree] = useState(text !== '' && !words.includes(text));
  return (
    <div className={css.row}>
      <div className={css.grow}>
        {isFree ? (
          <FreeInput {...props} />
        ) : (
          <Select
            id={id}
            aria-label={field.title}
            data={[...words]}
            value={words.includes(text) ? text : null}
            error={hasError}
            clearable
            searchable={words.length > 8}
            placeholder={field.placeholder ?? t('operation.choose')}
            onChange={(next) => onChange(next ?? undefined)}
          />
        )}
      </div>
      <BarButton
        Icon={isFree ? IconListCheck : IconBraces}
        label={t(isFree ? 'operation.fromList' : 'operation.fromData')}
        onClick={() => setIsFree(!isFree)}
      />
    </div>
  );
}

/** A list or a free object: `{ json }`, so that what is inserted is data in it. */
function JsonInput({ field, value, hasError, onChange }: InputProps) {
  const editor = useRef<CodeEditorHandle>(null);
  const text = isJsonObject(value) ? textOf(value['json']) : textOf(value);
  return (
    <div className={code.widget} data-error={hasError}>
      <CodeEditor
        ref={editor}
        value={text}
        onChange={(next) => onChange(next === '' ? undefined : { json: next })}
        label={field.title}
        language="json"
        isTemplate
      />
      <div className={code.pick}>
        <DataPicker onPick={(path) => editor.current?.insert(liquidOf(path))} />
      </div>
    </div>
  );
}
