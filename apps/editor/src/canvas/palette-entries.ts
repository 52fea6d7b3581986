import { categories, type Catalog, type Category, type NodeDefinition } from '@holdfast/node-kit';
import type { NodeWords } from './node-words.ts';

export interface PaletteEntry {
  /** Unique among all entries, the same tomorrow. */
  key: string;
  definition: NodeDefinition;
  title: string;
  summary: string;
  /** Of an imported service: what it is called by comes ready made with its step. */
  operation?: { service: string; serviceName: string; id: string };
}
export interface PaletteGroup {
  category: Category;
  entries: PaletteEntry[];
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** How well an entry fits what was typed; 0 is not at all. The type's own name counts most, then a title's beginning, keywords least. */
function score(entry: PaletteEntry, query: string): number {
  const title = plain(entry.title);
  if (entry.key === query) return 5;
  if (title.startsWith(query)) return 4;
  if (title.split(/\s+/).some((word) => word.startsWith(query))) return 3;
  if ((entry.definition.keywords ?? []).some((word) => plain(word).startsWith(query)) || entry.definition.type.startsWith(query)) return 2;
  return plain(`${title} ${entry.summary} ${entry.operation?.serviceName ?? ''}`).includes(query) ? 1 : 0;
}

export const paletteEntries = (catalog: Catalog, words: NodeWords): PaletteEntry[] =>
  Object.values(catalog)
    .filter(({ comesFrom }) => comesFrom === undefined)
    .map((definition) => ({ key: definition.type, definition, title: words.title(definition), summary: words.summary(definition) }));

/** The entries that fit, best first; every word of the query must fit. */
export function searchEntries(entries: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return entries
    .map((entry) => ({ entry, points: words.map((word) => score(entry, word)) }))
    .filter(({ points }) => points.every((point) => point > 0))
    .sort((a, b) => b.points.reduce((sum, point) => sum + point, 0) - a.points.reduce((sum, point) => sum + point, 0))
    .map(({ entry }) => entry);
}

/** Outside of its service's group an operation says which service it is of. */
export const withService = (entry: PaletteEntry): PaletteEntry =>
  !entry.operation || entry.summary === entry.operation.serviceName
    ? entry
    : { ...entry, summary: `${entry.operation.serviceName} · ${entry.summary}` };

export function groupEntries(entries: readonly PaletteEntry[]): PaletteGroup[] {
  return categories
    .map((category) => ({ category, entries: entries.filter((entry) => !entry.operation && entry.definition.category === category) }))
    .filter((group) => group.entries.length > 0);
}

/** The operations of imported services, each service a group of its own. */
export function groupByService(entries: readonly PaletteEntry[]): { service: string; name: string; entries: PaletteEntry[] }[] {
  const groups = new Map<string, { service: string; name: string; entries: PaletteEntry[] }>();
  for (const entry of entries) {
    if (!entry.operation) continue;
    const { service, serviceName: name } = entry.operation;
    const group = groups.get(service) ?? { service, name, entries: [] };
    group.entries.push(entry);
    groups.set(service, group);
  }
  return [...groups.values()];
}

const storageKey = 'holdfast.recent-steps';

/** The keys of what a person added last, newest first. */
export function recentTypes(storage: Storage): string[] {
  try {
    const known: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    return Array.isArray(known) ? known.filter((type) => typeof type === 'string') : [];
  } catch {
    return [];
  }
}

/** `type` is an entry's key. */
export function rememberType(storage: Storage, type: string): void {
  try {
    storage.setItem(storageKey, JSON.stringify([type, ...recentTypes(storage).filter((known) => known !== type)].slice(0, 4)));
  } catch {
    // Without storage there are no recent steps, nothing more.
  }
}
