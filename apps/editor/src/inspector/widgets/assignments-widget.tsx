import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { FieldView } from '../form/field-view.tsx';
import { withKey } from '../form/form-value.ts';
import { blankItem, objectsOf } from './list-items.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

/** Named values: the name and how it is kept on one line, the value below with room to breathe. */
export function AssignmentsWidget({ field, path, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const items = objectsOf(value);
  const item = field.shape.kind === 'list' ? field.shape.item : null;
  if (item?.shape.kind !== 'group') return null;
  const wide = item.shape.fields.filter((column) => column.hints.template);
  const short = item.shape.fields.filter((column) => !column.hints.template);
  return (
    <div className={css.items}>
      {items.map((entry, index) => {
        const view = (column: (typeof wide)[number]) => (
          <FieldView
            key={column.key}
            field={column}
            path={`${path}.${index}.${column.key}`}
            value={entry[column.key]}
            siblings={entry}
            isBare
            onChange={(next) => onChange(items.with(index, withKey(entry, column.key, next)))}
          />
        );
        return (
          <div key={index} className={css.inset}>
            <div className={css.row} style={{ marginBottom: 8 }}>
              {short.map((column) => (
                <div key={column.key} className={css.grow}>
                  {view(column)}
                </div>
              ))}
              <BarButton Icon={IconX} label={t('form.remove')} onClick={() => onChange(items.toSpliced(index, 1))} />
            </div>
            {wide.map(view)}
          </div>
        );
      })}
      <button type="button" className={css.add} onClick={() => onChange([...items, blankItem(field, items)])}>
        <IconPlus size={16} stroke={1.75} aria-hidden />
        {t('form.add')}
      </button>
    </div>
  );
}
