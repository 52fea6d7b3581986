import { operationField, type JsonObject, type JsonValue, type OperationField } from '@holdfast/node-kit';
import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { findingsOf } from '../form/field-problems.tsx';
import { useFormContext } from '../form/form-context.tsx';
import { isJsonObject, withKey } from '../form/form-value.ts';
import { OperationFieldInput } from './operation-field-input.tsx';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

// What a step keeps of a field besides is for the call, not for the form.
const described = z.object({ fields: z.array(operationField.loose()) });
const places = ['path', 'query', 'header', 'cookie', 'body'] as const;

/** The fields of an operation, as its service describes them. What must be given comes first; the rest waits until it is wanted. */
export function OperationValuesWidget({ id, path, value, siblings, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { findings, focusField } = useFormContext();
  const fields = described.safeParse(siblings['operation']).data?.fields ?? [];
  const values: JsonObject = isJsonObject(value) ? value : {};
  const isWanted = ({ name, required }: OperationField): boolean =>
    required || values[name] !== undefined || findingsOf(findings, `${path}.${name}`).length > 0 || focusField === `${path}.${name}`;
  // Where nothing must be given, a fold would hide all there is.
  const [isOpen, setIsOpen] = useState(() => !fields.some(isWanted));
  const wanted = fields.filter(isWanted);
  const others = fields.filter((field) => !isWanted(field));
  const change = (name: string, next: JsonValue | undefined) => onChange(withKey(values, name, next));
  const stale = Object.keys(values).filter((name) => !fields.some((field) => field.name === name));
  // Where all of them are few, there is nothing to fold.
  const isFolded = others.length > 0 && fields.length > 5;
  const shown = isFolded && !isOpen ? wanted : fields;
  if (fields.length === 0 && stale.length === 0) return <p className={css.note}>{t('operation.noFields')}</p>;
  return (
    <div className={css.fields}>
      {places.map((place) => {
        const here = shown.filter((field) => field.place === place);
        return here.length === 0 ? null : (
          <div key={place} className={css.inset} role="group" aria-label={t(`operation.place.${place}`)}>
            <p className={css.place}>{t(`operation.place.${place}`)}</p>
            <div className={css.fields}>
              {here.map((field) => (
                <OperationFieldInput
                  key={field.name}
                  id={`${id}-${field.name.replaceAll('.', '-')}`}
                  path={`${path}.${field.name}`}
                  field={field}
                  value={values[field.name]}
                  onChange={(next) => change(field.name, next)}
                />
              ))}
            </div>
          </div>
        );
      })}
      {isFolded ? (
        <button type="button" className={css.more} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <IconChevronRight size={15} stroke={1.75} aria-hidden />
          {isOpen ? t('operation.fewer') : t('operation.more', { count: others.length })}
        </button>
      ) : null}
      {stale.length === 0 ? null : (
        <p className={css.note}>
          {t('operation.stale', { names: stale.join(', ') })}{' '}
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => onChange(Object.fromEntries(Object.entries(values).filter(([name]) => !stale.includes(name))))}
          >
            {t('operation.drop')}
          </Button>
        </p>
      )}
    </div>
  );
}
