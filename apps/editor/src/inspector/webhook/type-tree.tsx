import type { JsonObject } from '@holdfast/node-kit';
import { CopyButton, Tooltip } from '@mantine/core';
import { useMemo, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { liquidOf } from '../template-input/chip-model.ts';
import { previewOf } from '../template-input/data-fields.ts';
import { maxRows, typeRows, type TypeRow } from './learn-type.ts';
import css from './webhook.module.css';

/** What a kept request holds: names, types and examples; a click copies a value's place. */
export function TypeTree({ path, sample }: { path: string; sample: JsonObject }) {
  const { t } = useTranslation('webhook');
  const rows = useMemo(() => typeRows(path, sample), [path, sample]);
  return (
    <ul className={css.tree} aria-label={t('type.tree')}>
      {rows.map((row) => (
        <li key={row.path}>
          <Leaf row={row} />
        </li>
      ))}
      {rows.length < maxRows ? null : (
        <li className={css.example} style={{ padding: '3px 10px' }}>
          {t('type.more')}
        </li>
      )}
    </ul>
  );
}

function Leaf({ row }: { row: TypeRow }) {
  const { t } = useTranslation('webhook');
  const depth: CSSProperties & Record<'--depth', number> = { '--depth': row.depth };
  const type = [t(`type.${row.kind}`), row.holds === null || row.holds === 'nothing' ? null : t(`type.${row.holds}`)]
    .filter(Boolean)
    .join(' · ');
  const hasExample = row.kind !== 'group' && row.kind !== 'list' && row.kind !== 'nothing';
  return (
    <CopyButton value={liquidOf(row.path)}>
      {({ copied, copy }) => (
        <Tooltip label={t(copied ? 'type.copied' : 'type.copy', { path: row.path })} openDelay={400} position="left">
          <button type="button" className={css.leaf} style={depth} onClick={copy}>
            <span className={css.name}>{row.name}</span>
            <span className={css.type}>{row.isSometimes ? `${type}, ${t('type.sometimes')}` : type}</span>
            {hasExample ? <span className={css.example}>{previewOf(row.example)}</span> : null}
          </button>
        </Tooltip>
      )}
    </CopyButton>
  );
}
