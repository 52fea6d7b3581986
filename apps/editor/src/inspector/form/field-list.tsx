import type { JsonObject } from '@holdfast/node-kit';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findingsOf } from './field-problems.tsx';
import { FieldView } from './field-view.tsx';
import { useFormContext } from './form-context.tsx';
import type { FormField } from './form-field.ts';
import { defaultOf, isShown, withKey } from './form-value.ts';
import css from './form.module.css';

interface Props {
  fields: readonly FormField[];
  value: JsonObject;
  /** Empty at the top, else the way here with a dot at its end. */
  prefix: string;
  onChange: (value: JsonObject) => void;
}

/** The fields of an object; what few people need waits under "More settings". */
export function FieldList({ fields, value, prefix, onChange }: Props) {
  const shown = fields.filter((field) => isShown(field, fields, value));
  const view = (field: FormField) => (
    <FieldView
      key={field.key}
      field={field}
      path={`${prefix}${field.key}`}
      value={value[field.key]}
      siblings={value}
      onChange={(next) => onChange(withKey(value, field.key, next))}
    />
  );
  const advanced = shown.filter((field) => field.hints.advanced);
  return (
    <div className={css.fields}>
      {shown.filter((field) => !field.hints.advanced).map(view)}
      {advanced.length === 0 ? null : <MoreSettings fields={advanced} value={value} prefix={prefix} view={view} />}
    </div>
  );
}

interface MoreProps {
  fields: readonly FormField[];
  value: JsonObject;
  prefix: string;
  view: (field: FormField) => React.ReactNode;
}

function MoreSettings({ fields, value, prefix, view }: MoreProps) {
  const { t } = useTranslation('inspector');
  const { findings, focusField } = useFormContext();
  const [isOpen, setIsOpen] = useState(false);
  const needsEyes = fields.some(
    (field) => findingsOf(findings, `${prefix}${field.key}`, true).length > 0 || focusField === `${prefix}${field.key}`,
  );
  const changed = fields.filter(
    (field) =>
      !field.isRequired &&
      value[field.key] !== undefined &&
      value[field.key] !== field.hints.startsAs &&
      JSON.stringify(value[field.key]) !== JSON.stringify(defaultOf(field)),
  ).length;
  const isShownNow = isOpen || needsEyes;
  return (
    <>
      <button type="button" className={css.more} aria-expanded={isShownNow} onClick={() => setIsOpen(!isOpen)}>
        <IconChevronRight size={15} stroke={1.75} aria-hidden />
        {t('form.more')}
        {changed > 0 ? <em>{t('form.changed', { count: changed })}</em> : null}
      </button>
      {isShownNow ? fields.map(view) : null}
    </>
  );
}
