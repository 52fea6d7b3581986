import type { JsonValue } from '@holdfast/node-kit';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { FieldView } from '../form/field-view.tsx';
import { withKey } from '../form/form-value.ts';
import { blankItem, objectsOf } from './list-items.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

/** A list of small objects, one row each: only the fields that are not advanced, so an item's id stays out of sight. */
export function RowsWidget({ field, path, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const items = objectsOf(value);
  const item = field.shape.kind === 'list' ? field.shape.item : null;
  if (item?.shape.kind !== 'group') return null;
  const columns = item.shape.fields.filter((column) => !column.hints.advanced);
  return (
    <div className={css.items}>
      {items.map((entry, index) => (
        <div key={typeof entry['id'] === 'string' ? entry['id'] : index} className={css.row}>
          {columns.map((column) => (
            <div key={column.key} className={css.grow}>
              <FieldView
                field={column}
                path={`${path}.${index}.${column.key}`}
                value={entry[column.key]}
                siblings={entry}
                isBare
                onChange={(next: JsonValue | undefined) => onChange(items.with(index, withKey(entry, column.key, next)))}
              />
            </div>
          ))}
          <BarButton Icon={IconX} label={t('form.remove')} onClick={() => onChange(items.toSpliced(index, 1))} />
        </div>
      ))}
      <button type="button" className={css.add} onClick={() => onChange([...items, blankItem(field, items)])}>
        <IconPlus size={16} stroke={1.75} aria-hidden />
        {t('form.add')}
      </button>
    </div>
  );
}
