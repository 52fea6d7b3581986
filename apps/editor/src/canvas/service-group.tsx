import { IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PaletteEntry } from './palette-entries.ts';
import css from './palette.module.css';

/** A long list stays closed until somebody wants it. */
const shownAtOnce = 6;

/** The operations of one imported service; those of a large one are opened by its name, or found by searching. */
export function ServiceGroup({ name, entries, row }: { name: string; entries: PaletteEntry[]; row: (entry: PaletteEntry) => ReactNode }) {
  const { t } = useTranslation('canvas');
  const [isOpen, setIsOpen] = useState(entries.length <= shownAtOnce);
  return (
    <section>
      <h3 className={css.group}>
        <button type="button" className={css.fold} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <IconChevronRight size={13} stroke={1.75} aria-hidden />
          <span>{name}</span>
          <em>{t('palette.operations', { count: entries.length })}</em>
        </button>
      </h3>
      {isOpen ? entries.map(row) : null}
    </section>
  );
}
