import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { createElement } from 'react';
import { useFieldWords } from './field-words.ts';
import { FieldProblems, findingsOf } from './field-problems.tsx';
import { useFormContext } from './form-context.tsx';
import type { FormField } from './form-field.ts';
import { defaultOf } from './form-value.ts';
import { useFoundField } from './use-found-field.ts';
import css from './form.module.css';

export interface FieldProps {
  field: FormField;
  /** Dotted way through the config: `rules.0.words`. */
  path: string;
  value: JsonValue | undefined;
  /** The object that holds this field: some inputs look at their neighbours. */
  siblings: JsonObject;
  onChange: (value: JsonValue | undefined) => void;
  /** Without a label of its own, where a row has no room for one. */
  isBare?: boolean;
}

/** One labelled input with its problems below it. Which input it is, the schema and its hints decide. */
export function FieldView({ field, path, value, siblings, onChange, isBare = false }: FieldProps) {
  const { node, findings, widgetOf } = useFormContext();
  const words = useFieldWords(path, field.key, field.hints);
  const own = findingsOf(findings, path);
  const { frame, isFound } = useFoundField(path);
  const id = `field-${node}-${path.replaceAll('.', '-')}`;
  const isSwitch = field.shape.kind === 'switch';
  return (
    <div ref={frame} className={css.field} data-found={isFound} data-field={path}>
      {isBare || isSwitch ? null : (
        <label className={css.label} htmlFor={id}>
          {words.title}
        </label>
      )}
      {isBare || isSwitch || !words.description ? null : <p className={css.description}>{words.description}</p>}
      {createElement(widgetOf(field), {
        id,
        field,
        path,
        words,
        siblings,
        onChange,
        value: value ?? defaultOf(field),
        isSet: value !== undefined,
        hasError: own.some((finding) => finding.severity === 'error'),
      })}
      <FieldProblems findings={own} />
    </div>
  );
}
