import type { JsonObject } from '@holdfast/node-kit';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeWords } from '../../canvas/node-words.ts';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { FieldList } from '../form/field-list.tsx';
import { FieldProblems, findingsOf } from '../form/field-problems.tsx';
import { useFormContext } from '../form/form-context.tsx';
import type { FormField } from '../form/form-field.ts';
import { defaultOf } from '../form/form-value.ts';
import { VariantFields } from './group-widget.tsx';
import { blankItem, itemDetail, itemTitle, moveItem, objectsOf } from './list-items.ts';
import type { WidgetProps } from './widget.ts';
import css from '../form/form.module.css';

/** A list of objects as cards that open one at a time; their order counts, so they are numbered and can be moved. */
export function ItemsWidget({ field, path, value, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { focusField } = useFormContext();
  const items = objectsOf(value);
  const focused = focusField?.startsWith(`${path}.`) ? Number(focusField.slice(path.length + 1).split('.')[0]) : null;
  const [open, setOpen] = useState<number | null>(focused ?? (items.length === 1 ? 0 : null));
  const item = field.shape.kind === 'list' ? field.shape.item : null;
  if (!item) return null;
  const add = () => {
    onChange([...items, blankItem(field, items)]);
    setOpen(items.length);
  };
  return (
    <div className={css.items}>
      {items.map((entry, index) => (
        <ItemCard
          key={typeof entry['id'] === 'string' ? entry['id'] : index}
          item={item}
          entry={entry}
          path={`${path}.${index}`}
          index={index}
          count={items.length}
          isOpen={open === index || focused === index}
          onToggle={() => setOpen(open === index ? null : index)}
          onChange={(next) => onChange(items.with(index, next))}
          onRemove={() => onChange(items.toSpliced(index, 1))}
          onMove={(to) => {
            onChange(moveItem(items, index, to));
            setOpen(open === index ? to : open);
          }}
        />
      ))}
      <button type="button" className={css.add} onClick={add}>
        <IconPlus size={16} stroke={1.75} aria-hidden />
        {t('form.add')}
      </button>
    </div>
  );
}

/** What an item is, where its kind is a choice: a heading, a table, a picture. */
function useKindOf(item: FormField, entry: JsonObject): string {
  const { type } = useFormContext();
  const words = useNodeWords();
  const field = item.shape.kind === 'group' ? item.shape.fields.find(({ key }) => key === 'kind') : undefined;
  const value = entry['kind'] ?? (field && defaultOf(field));
  return (field && typeof value === 'string' && words.hints(type, 'kind', field.hints).options?.[value]) || '';
}

interface ItemCardProps {
  item: FormField;
  entry: JsonObject;
  path: string;
  index: number;
  count: number;
  isOpen: boolean;
  onToggle: () => void;
  onChange: (value: JsonObject) => void;
  onRemove: () => void;
  onMove: (to: number) => void;
}

function ItemCard({ item, entry, path, index, count, isOpen, onToggle, onChange, onRemove, onMove }: ItemCardProps) {
  const { t } = useTranslation('inspector');
  const { findings } = useFormContext();
  const problems = findingsOf(findings, path, true);
  const detail = itemDetail(entry);
  const kind = useKindOf(item, entry);
  return (
    <div className={css.item} data-bad={problems.some((finding) => finding.severity === 'error')}>
      <div className={css.itemHead}>
        <span className={css.itemNumber} aria-hidden>
          {index + 1}
        </span>
        <button type="button" className={css.itemName} aria-expanded={isOpen} onClick={onToggle}>
          {itemTitle(entry) || kind || t('form.unnamed')} {detail === '' ? null : <span>· {detail}</span>}
        </button>
        {index > 0 ? <BarButton Icon={IconArrowUp} label={t('form.up')} onClick={() => onMove(index - 1)} /> : null}
        {index < count - 1 ? <BarButton Icon={IconArrowDown} label={t('form.down')} onClick={() => onMove(index + 1)} /> : null}
        <BarButton Icon={IconTrash} label={t('form.remove')} onClick={onRemove} />
      </div>
      {isOpen ? (
        <div className={css.itemBody}>
          {item.shape.kind === 'group' ? (
            <FieldList fields={item.shape.fields} value={entry} prefix={`${path}.`} onChange={onChange} />
          ) : null}
          {item.shape.kind === 'variants' ? <VariantFields shape={item.shape} value={entry} path={path} onChange={onChange} /> : null}
        </div>
      ) : (
        <FieldProblems findings={problems.slice(0, 1)} />
      )}
    </div>
  );
}
