import { endpoints, type MessageTemplateView } from '@holdfast/contracts';
import { templateFields, type JsonObject, type JsonValue, type Scope, type TemplateDefinition } from '@holdfast/node-kit';
import { Anchor, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import { useFormContext } from '../form/form-context.tsx';
import { isJsonObject } from '../form/form-value.ts';
import { renderPreview } from '../template-input/preview.ts';
import { TemplateInput } from '../template-input/template-input.tsx';
import { TemplatePreview } from './template-preview.tsx';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

const keyOf = ({ name, language }: { name: string; language: string }): string => `${name}/${language}`;
const definitionOf = ({ isNamed, components }: MessageTemplateView): TemplateDefinition => ({
  isNamed,
  components: components as JsonValue[], // the answer's schema says JSON
});

/** One of the channels' approved texts, with an input for each of its places and how it will read. */
export function MessageTemplateWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { data } = useRead(endpoints.listMessageTemplates, {}, { staleTime: 30_000 });
  const chosen = chosenOf(value);
  // The same text may be approved on several channels; the check looks at each.
  const all = [...new Map((data?.items ?? []).map((one) => [keyOf(one), one])).values()];
  const found = chosen && all.find((one) => keyOf(one) === keyOf(chosen));
  const isNone = data !== undefined && all.length === 0;
  const options = all.map((one) => ({
    value: keyOf(one),
    label: `${one.name} · ${one.language}${one.status === 'approved' ? '' : ` · ${statusWord(t, one.status)}`}`,
  }));
  const gone = chosen && !found ? [{ value: keyOf(chosen), label: `${chosen.name} · ${chosen.language} · ${t('template.gone')}` }] : [];
  const choose = (key: string | null) => {
    const next = all.find((one) => keyOf(one) === key);
    onChange(next ? blank(next, chosen?.values ?? {}) : undefined);
  };
  return (
    <div className={css.fields}>
      <Select
        id={id}
        aria-label={words.title}
        data={[...options, ...gone]}
        value={chosen ? keyOf(chosen) : null}
        error={hasError}
        searchable
        clearable
        placeholder={t('template.choose')}
        nothingFoundMessage={t('template.noMatch')}
        disabled={isNone && !chosen}
        onChange={choose}
      />
      {isNone ? (
        <p className={css.note}>
          <Trans t={t} i18nKey="template.none" components={{ a: <Anchor component={Link} to="/channels" inherit /> }} />
        </p>
      ) : null}
      {chosen && found ? <Places id={id} template={found} values={chosen.values} onChange={onChange} /> : null}
    </div>
  );
}

interface PlacesProps {
  id: string;
  template: MessageTemplateView;
  values: Readonly<Record<string, string>>;
  onChange: (value: JsonValue) => void;
}

function Places({ id, template, values, onChange }: PlacesProps) {
  const { t } = useTranslation('inspector');
  const { scope } = useFormContext();
  const definition = definitionOf(template);
  const filled = Object.entries(values).map(([key, text]) => [key, filledWith(text, scope())] as const);
  const fields = templateFields(definition);
  const labelOf = (part: string, key: string, index: number | undefined): string => {
    if (part === 'header') return t('template.header');
    return part === 'button' ? t('template.button', { number: (index ?? 0) + 1 }) : `{{${key}}}`;
  };
  return (
    <div className={css.inset}>
      <div className={css.fields}>
        {fields.map(({ key, part, example, index }) => (
          <div key={key} className={css.field}>
            <span className={css.label}>{labelOf(part, key, index)}</span>
            <TemplateInput
              id={`${id}-${key.replaceAll('.', '-')}`}
              label={labelOf(part, key, index)}
              value={values[key] ?? ''}
              isMultiline={false}
              placeholder={example}
              onChange={(text) =>
                onChange(
                  written(
                    template,
                    { ...values, [key]: text },
                    fields.map((field) => field.key),
                  ),
                )
              }
            />
          </div>
        ))}
      </div>
      <TemplatePreview definition={definition} values={Object.fromEntries(filled)} />
    </div>
  );
}

/** With the values at hand; what can't be filled in stands as it was written, and says so at its own input. */
function filledWith(text: string, scope: Scope): string {
  const result = renderPreview(text, scope);
  return result.kind === 'text' ? result.text : text;
}

const statusWord = (t: ReturnType<typeof useTranslation<'inspector'>>['t'], status: string): string => {
  switch (status) {
    case 'pending':
    case 'rejected':
    case 'paused':
    case 'disabled':
      return t(`template.status.${status}`);
    default:
      return status;
  }
};

/** What was written for places of the same name is kept when another template is chosen. */
const blank = (template: MessageTemplateView, values: Readonly<Record<string, string>>): JsonObject =>
  written(
    template,
    values,
    templateFields(definitionOf(template)).map(({ key }) => key),
  );

const written = (
  { name, language }: MessageTemplateView,
  values: Readonly<Record<string, string>>,
  keys: readonly string[],
): JsonObject => ({
  name,
  language,
  values: keys.map((key) => ({ key, value: values[key] ?? '' })),
});

function chosenOf(value: JsonValue | undefined): { name: string; language: string; values: Record<string, string> } | null {
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || typeof value['language'] !== 'string') return null;
  const rows = Array.isArray(value['values']) ? value['values'] : [];
  const values = rows.flatMap((row) => {
    if (!isJsonObject(row) || typeof row['key'] !== 'string') return [];
    return [[row['key'], typeof row['value'] === 'string' ? row['value'] : ''] as const];
  });
  return { name: value['name'], language: value['language'], values: Object.fromEntries(values) };
}
