import { TextInput } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useWorkbench } from '../document/workbench.tsx';
import type { QuickPaletteRequest } from '../document/session-store.ts';
import { placeAfter } from './add-step.ts';
import { useNodeWords } from './node-words.ts';
import { PaletteEntryButton } from './palette-entry.tsx';
import { paletteEntries, recentTypes, searchEntries, withService, type PaletteEntry } from './palette-entries.ts';
import { useServiceEntries } from './service-entries.ts';
import { useAddEntry } from './use-add-entry.ts';
import css from './palette.module.css';

/** More are found by another word. */
const mostFound = 40;

/** The palette at the pointer: choose what comes next, by a few letters and Enter. */
export function QuickPalette() {
  const request = useSession((session) => session.quickPalette);
  return request ? <OpenQuickPalette key={`${request.from?.node}/${request.from?.port}/${request.screen.x}`} request={request} /> : null;
}

function OpenQuickPalette({ request }: { request: QuickPaletteRequest }) {
  const { t } = useTranslation('canvas');
  const { catalog, document, session } = useWorkbench();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const entries = useQuickEntries(query, request.from !== null);
  const add = useAddEntry();
  const close = () => session.getState().set({ quickPalette: null });
  const frame = useClickOutside(close);
  const choose = (entry: PaletteEntry) => {
    const { file } = document.getState();
    const position = request.canvas ?? (request.from ? placeAfter(file, catalog, request.from) : { x: 0, y: 0 });
    close();
    add(entry, { position, from: request.from });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (event.key === 'ArrowDown') setActive((index) => Math.min(entries.length - 1, index + 1));
    if (event.key === 'ArrowUp') setActive((index) => Math.max(0, index - 1));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') event.preventDefault();
    const entry = entries[active];
    if (event.key === 'Enter' && entry) choose(entry);
  };
  const left = Math.max(8, Math.min(request.screen.x, globalThis.innerWidth - 300));
  const top = Math.max(8, Math.min(request.screen.y, globalThis.innerHeight - 396));
  return (
    <div ref={frame} className={css.quick} style={{ left, top }} role="dialog" aria-label={t('quick.label')}>
      <div className={css.search}>
        <TextInput
          size="xs"
          autoFocus
          value={query}
          placeholder={t('quick.search')}
          aria-label={t('quick.search')}
          aria-activedescendant={`quick-${active}`}
          leftSection={<IconSearch size={15} stroke={1.5} />}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
        />
      </div>
      <div className={css.list}>
        {entries.map((entry, index) => (
          <PaletteEntryButton
            key={entry.key}
            id={`quick-${index}`}
            entry={withService(entry)}
            isActive={index === active}
            onChoose={choose}
            onPoint={() => setActive(index)}
          />
        ))}
        {entries.length === 0 ? <p className={css.none}>{t('palette.none', { query })}</p> : null}
      </div>
    </div>
  );
}

/** What was used last comes first; triggers are left out where something must lead to the step. */
function useQuickEntries(query: string, needsEntrance: boolean): PaletteEntry[] {
  const { catalog } = useWorkbench();
  const words = useNodeWords();
  const services = useServiceEntries();
  return useMemo(() => {
    const entries = paletteEntries(catalog, words).filter((entry) => !(needsEntrance && entry.definition.kind === 'trigger'));
    if (query.trim() !== '') return searchEntries([...entries, ...services], query).slice(0, mostFound);
    const recent = recentTypes(localStorage);
    const rank = (entry: PaletteEntry): number => (recent.includes(entry.key) ? recent.indexOf(entry.key) : recent.length);
    // A service may have hundreds: those that were used stand here, the others are found by searching.
    return [...entries, ...services.filter(({ key }) => recent.includes(key))].toSorted((a, b) => rank(a) - rank(b));
  }, [catalog, words, services, query, needsEntrance]);
}
