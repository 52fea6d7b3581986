import type { Cell } from './sheet.ts';

/** A, B, … Z, AA: what a column without a name is called. */
export const letterOf = (index: number): string =>
  (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

/** A name for each column: its header's, the second of two alike with a number, and the letter where there is none. */
export function nameColumns(header: readonly Cell[] | null, width: number): string[] {
  const taken = new Set<string>();
  // Where counting goes on for a name: a row of a million names that are alike must not be counted from its start for each.
  const next = new Map<string, number>();
  return Array.from({ length: width }, (_, index) => {
    const written = String(header?.[index] ?? '').trim();
    const base = (written === '' ? letterOf(index) : written).slice(0, 200);
    let name = base;
    let number = next.get(base) ?? 2;
    for (; taken.has(name); number++) name = `${base} ${number}`;
    next.set(base, number);
    taken.add(name);
    return name;
  });
}
