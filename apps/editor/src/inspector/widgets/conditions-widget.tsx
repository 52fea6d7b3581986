import { SegmentedControl, Select } from '@mantine/core';
import { operators } from '@holdfast/graph';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { CodeEditor } from '../code-editor/code-editor.tsx';
import { TemplateInput } from '../template-input/template-input.tsx';
import { needsNoValue, readConditions, valueFromText, writeConditions, type ConditionForm, type LooseLine } from './condition-lines.ts';
import { FieldChoice } from './field-choice.tsx';
import type { WidgetProps } from './widget.ts';
import formCss from '../form/form.module.css';

const blank: LooseLine = { field: '', operator: 'is', value: '' };

/** Conditions by form: a value, a comparison, another value; all or any of them. Who knows CEL may write it instead. */
export function ConditionsWidget({ id, path, words, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const form = readConditions(value);
  const change = (next: Exclude<ConditionForm, { kind: 'nested' }>) => onChange(writeConditions(next));
  if (form.kind !== 'lines') {
    return (
      <div className={formCss.items}>
        <CodeEditor
          value={form.kind === 'cel' ? form.text : JSON.stringify(form.value, null, 2)}
          label={words.title}
          language="plaintext"
          isTemplate={false}
          onChange={(text) => void (form.kind === 'cel' && change({ kind: 'cel', text }))}
        />
        <button type="button" className={formCss.add} onClick={() => change({ kind: 'lines', join: 'all', lines: [blank] })}>
          {t('conditions.useForm')}
        </button>
      </div>
    );
  }
  const lines = form.lines.length === 0 ? [blank] : form.lines;
  const setLines = (next: readonly LooseLine[]) => change({ kind: 'lines', join: form.join, lines: next });
  return (
    <div className={formCss.items} id={id}>
      {lines.length > 1 ? (
        <SegmentedControl
          size="xs"
          value={form.join}
          data={[
            { value: 'all', label: t('conditions.all') },
            { value: 'any', label: t('conditions.any') },
          ]}
          onChange={(join) => change({ kind: 'lines', join: join === 'any' ? 'any' : 'all', lines })}
        />
      ) : null}
      {lines.map((line, index) => (
        <ConditionRow
          key={index}
          id={`${id}-${index}`}
          path={`${path}.${form.join}.${index}`}
          line={line}
          onChange={(next) => setLines(lines.with(index, next))}
          onRemove={lines.length > 1 ? () => setLines(lines.toSpliced(index, 1)) : null}
        />
      ))}
      <div className={formCss.row} style={{ justifyContent: 'space-between' }}>
        <button type="button" className={formCss.add} onClick={() => setLines([...lines, blank])}>
          <IconPlus size={16} stroke={1.75} aria-hidden />
          {t('conditions.add')}
        </button>
        <button
          type="button"
          className={formCss.add}
          style={{ color: 'var(--text-2)', paddingLeft: 8 }}
          onClick={() => change({ kind: 'cel', text: '' })}
        >
          {t('conditions.useCel')}
        </button>
      </div>
    </div>
  );
}

interface RowProps {
  id: string;
  path: string;
  line: LooseLine;
  onChange: (line: LooseLine) => void;
  onRemove: (() => void) | null;
}

function ConditionRow({ id, path, line, onChange, onRemove }: RowProps) {
  const { t } = useTranslation('inspector');
  return (
    <div className={formCss.inset} data-field={path}>
      <div className={formCss.row} style={{ marginBottom: 8 }}>
        <div className={formCss.grow}>
          <FieldChoice value={line.field} onChange={(field) => onChange({ ...line, field })} />
        </div>
        {onRemove ? <BarButton Icon={IconX} label={t('form.remove')} onClick={onRemove} /> : null}
      </div>
      <Select
        size="sm"
        aria-label={t('conditions.comparison')}
        value={line.operator}
        allowDeselect={false}
        data={operators.map((operator) => ({ value: operator, label: t(`operator.${operator}`) }))}
        onChange={(next) => onChange({ ...line, operator: operators.find((operator) => operator === next) ?? line.operator })}
      />
      {needsNoValue(line.operator) ? null : (
        <div style={{ marginTop: 8 }}>
          <TemplateInput
            id={id}
            label={t('conditions.value')}
            value={String(line.value)}
            isMultiline={false}
            placeholder={t('conditions.value')}
            onChange={(text) => onChange({ ...line, value: valueFromText(text) })}
          />
        </div>
      )}
    </div>
  );
}
