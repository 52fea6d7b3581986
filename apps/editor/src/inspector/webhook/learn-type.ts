import type { JsonValue } from '@holdfast/node-kit';
import { joinPath } from '../template-input/chip-model.ts';

export type LearntKind = 'text' | 'number' | 'yes-no' | 'time' | 'list' | 'group' | 'nothing' | 'mixed';

/** One line of what a sample taught: a value's name, its type and what it was. */
export interface TypeRow {
  path: string;
  name: string;
  depth: number;
  kind: LearntKind;
  /** Of a list: what it holds. */
  holds: LearntKind | null;
  /** In a list of groups, some lack it. */
  isSometimes: boolean;
  example: JsonValue;
}

const maxDepth = 6;
export const maxRows = 200;
/** Enough to see what a list's items have in common. */
const maxItems = 50;

const isGroup = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function kindOf(value: JsonValue): LearntKind {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'group';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'yes-no';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value) ? 'time' : 'text';
}

/** What several values have in common; empty ones say nothing. */
function commonKind(values: readonly JsonValue[]): LearntKind {
  const kinds = new Set(values.map(kindOf).filter((kind) => kind !== 'nothing'));
  const [first, second] = kinds;
  return second !== undefined ? 'mixed' : (first ?? 'nothing');
}

/** The types of everything in a sample, depth first; a list's items are taken together, under the path of the first. */
export function typeRows(path: string, sample: JsonValue): TypeRow[] {
  const rows: TypeRow[] = [];
  collect(rows, path, [sample], 0);
  return rows;
}

function collect(rows: TypeRow[], path: string, values: readonly JsonValue[], depth: number): void {
  const groups = values.filter(isGroup);
  for (const name of new Set(groups.flatMap((group) => Object.keys(group)))) {
    if (rows.length >= maxRows) return;
    const found = groups.flatMap((group) => (Object.hasOwn(group, name) ? [group[name] ?? null] : []));
    const lists = found.filter((value) => Array.isArray(value));
    const items = lists.flat().slice(0, maxItems);
    const ownPath = joinPath(path, name);
    rows.push({
      path: ownPath,
      name,
      depth,
      kind: commonKind(found),
      holds: lists.length > 0 ? commonKind(items) : null,
      isSometimes: found.length < groups.length,
      example: found.find((value) => value !== null) ?? null,
    });
    if (depth >= maxDepth) continue;
    if (items.length > 0) collect(rows, joinPath(ownPath, 0), items, depth + 1);
    else collect(rows, ownPath, found, depth + 1);
  }
}
