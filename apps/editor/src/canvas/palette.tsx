import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cardWidth } from '../document/node-size.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { openPort, placeAfter, placeFree } from './add-step.ts';
import { useNodeWords } from './node-words.ts';
import { PaletteEntryButton } from './palette-entry.tsx';
import {
  groupByService,
  groupEntries,
  paletteEntries,
  recentTypes,
  searchEntries,
  withService,
  type PaletteEntry,
} from './palette-entries.ts';
import { useServiceEntries } from './service-entries.ts';
import { ServiceGroup } from './service-group.tsx';
import { useAddEntry } from './use-add-entry.ts';
import css from './palette.module.css';

export const paletteSearchId = 'palette-search';
/** More are found by another word. */
const mostFound = 60;

/** All steps: search first, what was used last, then by category. A click adds after the selected step, or in the middle of the view. */
export function Palette() {
  const { t } = useTranslation('canvas');
  const { catalog } = useWorkbench();
  const words = useNodeWords();
  const [query, setQuery] = useState('');
  const choose = useChoose();
  const services = useServiceEntries();
  const entries = useMemo(() => [...paletteEntries(catalog, words), ...services], [catalog, words, services]);
  const found = query.trim() === '' ? null : searchEntries(entries, query).slice(0, mostFound);
  const row = (entry: PaletteEntry) => <PaletteEntryButton key={entry.key} entry={entry} isDraggable onChoose={choose} />;
  return (
    <nav className={css.palette} aria-label={t('palette.label')}>
      <div className={css.search}>
        <TextInput
          id={paletteSearchId}
          size="xs"
          value={query}
          placeholder={t('palette.search')}
          aria-label={t('palette.search')}
          leftSection={<IconSearch size={15} stroke={1.5} />}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && found?.[0]) choose(found[0]);
            if (event.key === 'Escape') setQuery('');
          }}
        />
      </div>
      <div className={css.list}>
        {found ? found.map((entry) => row(withService(entry))) : <Browse entries={entries} row={row} />}
        {found?.length === 0 ? <p className={css.none}>{t('palette.none', { query })}</p> : null}
      </div>
    </nav>
  );
}

function Browse({ entries, row }: { entries: PaletteEntry[]; row: (entry: PaletteEntry) => React.ReactNode }) {
  const { t } = useTranslation('canvas');
  // Drawn anew when a step was added, since that is when the list changes.
  useDocument((state) => state.file.nodes.length);
  const recent = recentTypes(localStorage);
  const last = recent.flatMap((type) => entries.find((entry) => entry.key === type) ?? []);
  return (
    <>
      {last.length < 2 ? null : <h3 className={css.group}>{t('palette.recent')}</h3>}
      {last.length < 2 ? null : last.map((entry) => row(withService(entry)))}
      {groupEntries(entries).map((group) => (
        <section key={group.category}>
          <h3 className={css.group}>{t(`category.${group.category}`)}</h3>
          {group.entries.map(row)}
        </section>
      ))}
      {groupByService(entries).map((group) => (
        <ServiceGroup key={group.service} name={group.name} entries={group.entries} row={row} />
      ))}
    </>
  );
}

function useChoose(): (entry: PaletteEntry) => void {
  const { catalog, document, session } = useWorkbench();
  const flow = useReactFlow();
  const add = useAddEntry();
  return (entry) => {
    const { definition } = entry;
    const { file } = document.getState();
    const [only, second] = session.getState().selected;
    const from = only !== undefined && second === undefined && definition.kind !== 'trigger' ? openPort(file, catalog, only) : null;
    if (from) {
      add(entry, { position: placeAfter(file, catalog, from), from });
      return;
    }
    const box = globalThis.document.querySelector('.react-flow')?.getBoundingClientRect();
    const middle = box ? flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 }) : { x: 0, y: 0 };
    add(entry, { position: placeFree(file, { x: middle.x - cardWidth / 2, y: middle.y - 48 }) });
  };
}
