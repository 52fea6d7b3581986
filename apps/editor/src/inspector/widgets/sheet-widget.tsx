import { endpoints } from '@holdfast/contracts';
import { Autocomplete, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, useMay, useRead } from '../../client/index.ts';
import { useSaid } from '../../parts/use-said.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

/** A place in the spreadsheet of the neighbouring fields. Google is asked when somebody goes into the field; what can't be asked is typed. */
export function SheetWidget({ id, field, words, value, siblings, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('triggers');
  const said = useSaid();
  const canRead = useMay('credentials.read');
  const [isAsked, setIsAsked] = useState(false);
  const text = (name: string): string => (typeof siblings[name] === 'string' ? siblings[name] : '');
  const [credential, spreadsheet, sheet] = [text('credential'), text('spreadsheet'), text('sheet')];
  const isName = field.hints.widget === 'sheet-name';
  const canAsk = canRead && credential !== '' && spreadsheet !== '' && !`${spreadsheet}${sheet}`.includes('{{');
  const query = { spreadsheet, ...(isName || sheet === '' ? {} : { sheet }) };
  const found = useRead(
    endpoints.readSpreadsheet,
    { params: { id: credential }, query },
    { enabled: isAsked && canAsk, staleTime: 60_000 },
  );
  const choices = [...new Set((isName ? found.data?.sheets : found.data?.columns) ?? [])];
  const shared = {
    id,
    'aria-label': words.title,
    error: hasError,
    data: choices,
    onFocus: () => setIsAsked(true),
    placeholder: words.placeholder ?? '',
  };
  return (
    <>
      {field.shape.kind === 'list' ? (
        <TagsInput
          {...shared}
          value={Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []}
          clearable={false}
          acceptValueOnBlur
          onChange={onChange}
          styles={{ pill: { background: 'var(--surface-2)', color: 'var(--text-1)' } }}
        />
      ) : (
        <Autocomplete {...shared} value={typeof value === 'string' ? value : ''} onChange={onChange} />
      )}
      {isAsked && found.isFetching ? <p className={css.description}>{t('sheets.loading')}</p> : null}
      {isAsked && canAsk && found.error ? <p className={css.description}>{said(asApiError(found.error).problem.detail)}</p> : null}
      {isAsked && !canAsk && choices.length === 0 ? <p className={css.description}>{t('sheets.needs')}</p> : null}
    </>
  );
}
