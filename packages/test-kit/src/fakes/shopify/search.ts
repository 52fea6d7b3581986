/** `sku:"A-1"`, or `updated_at:>='2026-11-23T10:00:00Z' AND updated_at:<='…'`: what the search of the real one reads of ours. */
export function matcher(query: unknown): (facts: Record<string, string | null>) => boolean {
  const tests = (typeof query === 'string' ? query : '')
    .split(' AND ')
    .filter((each) => each !== '')
    .map(testOf);
  return (facts) => tests.length > 0 && tests.every((fits) => fits(facts));
}

function testOf(text: string): (facts: Record<string, string | null>) => boolean {
  const [, field = '', bound, at = ''] = /^(\w+):(>=|<=)'([^']*)'$/.exec(text) ?? [];
  if (bound)
    return (facts) => {
      const known = Math.floor(Date.parse(facts[field] ?? '') / 1_000);
      const limit = Date.parse(at) / 1_000;
      return bound === '>=' ? known >= limit : known <= limit;
    };
  const [, name = '', value = ''] = /^(\w+):"((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
  const wanted = value.replaceAll(/\\(.)/g, '$1').toLowerCase();
  // The real one finds beginnings of words too.
  return (facts) => name !== '' && (facts[name] ?? '').toLowerCase().startsWith(wanted);
}

export interface PageGiven {
  query?: string;
  first?: number;
  after?: string | null;
  sortKey?: string;
  reverse?: boolean;
}

/** A page of what the query finds; `cursor` is the number of the last one that was given. */
export function pageOf<T extends { id: string }>(items: readonly T[], { first = 10, after }: PageGiven) {
  const from = after ? items.findIndex(({ id }) => id === after) + 1 : 0;
  const nodes = items.slice(from, from + first);
  return { nodes, pageInfo: { hasNextPage: from + first < items.length, endCursor: nodes.at(-1)?.id ?? null } };
}

/** By the time of their last change, where that is asked for. */
export const sorted = <T extends { updatedAt: string }>(items: readonly T[], { sortKey }: PageGiven): T[] =>
  sortKey === 'UPDATED_AT' ? items.toSorted((one, other) => Date.parse(one.updatedAt) - Date.parse(other.updatedAt)) : [...items];
