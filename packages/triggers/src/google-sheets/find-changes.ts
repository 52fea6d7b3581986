import type { KnownRow } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';

/** A row as it stands in the sheet. */
export interface SheetRow {
  /** Of its key column, hashed; empty without one. */
  key: string;
  /** Of what counts in it. */
  hash: string;
  /** Its number in the sheet, from 1. */
  position: number;
  /** Of its key column, as people read it. */
  name: string;
  values: JsonObject;
}

export interface FoundRow {
  change: 'new' | 'changed';
  row: SheetRow;
  /** What it was before. */
  replaces: KnownRow | null;
}

interface Line {
  key: string;
  hash: string;
}
const idOf = ({ key, hash }: Line): string => `${key}\n${hash}`;

/**
 * Rows that are not known, in their order. A row is known by its key and what stands in it, wherever it stands: what is moved, sorted or deleted is no
 * news, nor is a deleted row that comes back as it was. With a key, another content under a known key is a change; without one, another content where a
 * known row stood that is nowhere else is.
 */
export function findChanges(known: readonly KnownRow[], rows: readonly SheetRow[]): FoundRow[] {
  const left = new Map(known.map((row) => [idOf(row), row.count]));
  const unknown = rows.filter((row) => {
    const count = left.get(idOf(row)) ?? 0;
    if (count > 0) left.set(idOf(row), count - 1);
    return count === 0;
  });
  const free = known.filter((row) => (left.get(idOf(row)) ?? 0) > 0 && (row.key !== '' || !row.isGone));
  const replaced = new Map<string, KnownRow[]>();
  for (const row of free) replaced.set(placeOf(row), [...(replaced.get(placeOf(row)) ?? []), row]);
  return unknown.map((row) => {
    const replaces = replaced.get(placeOf(row))?.shift() ?? null;
    return { change: replaces ? 'changed' : 'new', row, replaces };
  });
}

const placeOf = ({ key, position }: { key: string; position: number }): string => (key === '' ? String(position) : `key ${key}`);

/** What is known after the look, when all that was found is dealt with but `waiting`, which is found again next time. */
export function knownAfter(
  known: readonly KnownRow[],
  { rows, found, waiting }: { rows: readonly SheetRow[]; found: readonly FoundRow[]; waiting: ReadonlySet<FoundRow> },
): KnownRow[] {
  const skipped = new Set([...waiting].map(({ row }) => row));
  const kept = new Set([...waiting].flatMap(({ replaces }) => replaces ?? []));
  const dealtWith = new Set(found.flatMap((each) => (each.replaces && !waiting.has(each) ? [each.replaces] : [])));
  const after = new Map<string, KnownRow>();
  for (const row of rows) {
    if (skipped.has(row)) continue;
    const same = after.get(idOf(row));
    if (same) same.count += 1;
    else after.set(idOf(row), { key: row.key, hash: row.hash, count: 1, position: row.position, isGone: false });
  }
  const keysHere = new Set(rows.map(({ key }) => key));
  for (const row of known) {
    if (after.has(idOf(row))) continue;
    if (kept.has(row)) after.set(idOf(row), { ...row, isGone: false });
    // Under its key stands something else now, or where it stood: should it come back, that is a change again.
    else if (!dealtWith.has(row) && (row.key === '' || !keysHere.has(row.key))) after.set(idOf(row), { ...row, isGone: true });
  }
  return [...after.values()];
}
