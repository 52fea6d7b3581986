import { TextInput } from '@mantine/core';
import { IconBolt, IconSearch, IconUser, IconVariable } from '@tabler/icons-react';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../../canvas/node-icon.tsx';
import { useWorkbench } from '../../document/workbench.tsx';
import { categoryAccent } from '../../theme/accents.ts';
import { isNamed } from './chip-label.ts';
import { previewOf, type DataField, type DataGroup } from './data-fields.ts';
import css from './data-picker.module.css';

interface Props {
  groups: readonly DataGroup[];
  onPick: (path: string) => void;
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Everything that can be inserted here, with what it holds, to search and choose. */
export function DataList({ groups, onPick }: Props) {
  const { t } = useTranslation('inspector');
  const [query, setQuery] = useState('');
  const wanted = plain(query.trim());
  const fits = (group: DataGroup, field: DataField): boolean => {
    const names = [
      group.node?.name ?? t(`data.source.${group.source}`),
      isNamed(field.path) ? t(`data.named.${field.path}`) : '',
      field.path,
      previewOf(field.value),
    ];
    return wanted === '' || plain(names.join(' ')).includes(wanted);
  };
  const shown = groups
    .map((group) => ({ group, fields: group.fields.filter((field) => fits(group, field)) }))
    .filter(({ fields }) => fields.length > 0);
  return (
    <div className={css.panel}>
      <div className={css.search}>
        <TextInput
          size="xs"
          data-autofocus
          value={query}
          placeholder={t('data.search')}
          aria-label={t('data.search')}
          leftSection={<IconSearch size={15} stroke={1.5} />}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = shown[0]?.fields[0];
            if (event.key !== 'Enter' || wanted === '' || !first) return;
            event.preventDefault();
            onPick(first.path);
          }}
        />
      </div>
      <div className={css.list}>
        {shown.map(({ group, fields }) => (
          <section key={group.node?.id ?? group.source}>
            <GroupTitle group={group} />
            {fields.map((field) => (
              <FieldRow key={field.path} field={field} isFlat={wanted !== ''} onPick={onPick} />
            ))}
          </section>
        ))}
        {shown.length === 0 ? <p className={css.none}>{t('data.none')}</p> : null}
      </div>
    </div>
  );
}

function GroupTitle({ group }: { group: DataGroup }) {
  const { t } = useTranslation('inspector');
  const { catalog } = useWorkbench();
  const definition = group.node ? catalog[group.node.type] : undefined;
  const accent: CSSProperties & Record<'--accent', string> = {
    '--accent': definition ? categoryAccent(definition.category) : 'var(--text-3)',
  };
  return (
    <h4 className={css.group}>
      <span className={css.groupIcon} style={accent}>
        {group.source === 'step' ? <NodeIcon name={definition?.icon ?? 'box'} size={15} /> : null}
        {group.source === 'trigger' ? <IconBolt size={15} stroke={1.5} aria-hidden /> : null}
        {group.source === 'contact' ? <IconUser size={15} stroke={1.5} aria-hidden /> : null}
        {group.source === 'variables' ? <IconVariable size={15} stroke={1.5} aria-hidden /> : null}
      </span>
      {group.node?.name ?? (group.source === 'step' ? '' : t(`data.source.${group.source}`))}
      {group.source === 'variables' ? null : <small>{t(group.isFromRun ? 'data.fromRun' : 'data.example')}</small>}
    </h4>
  );
}

interface FieldRowProps {
  field: DataField;
  isFlat: boolean;
  onPick: (path: string) => void;
}

function FieldRow({ field, isFlat, onPick }: FieldRowProps) {
  const { t } = useTranslation('inspector');
  const name = isNamed(field.path) ? t(`data.named.${field.path}`) : field.name === '' ? t('data.whole') : field.name;
  return (
    <button
      type="button"
      className={css.row}
      style={{ paddingLeft: 8 + (isFlat ? 0 : field.depth * 14) }}
      title={field.path}
      onClick={() => onPick(field.path)}
    >
      <span className={css.name}>{name}</span>
      <span className={css.value}>{field.hasChildren ? '' : previewOf(field.value)}</span>
    </button>
  );
}
