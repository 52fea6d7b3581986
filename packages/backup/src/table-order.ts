import type { StoredTable } from '@holdfast/db';

/** What belongs to the running installation and not to what it knows: who is signed in, who runs, how fast it sent and called, what waits for its turn, answers kept for a while, the list of its backups, how far its mirror is. */
const notBackedUp = new Set([
  'agent_calls',
  'agent_instances',
  'backups',
  'cached_answers',
  'held_calls',
  'kept_lines',
  'leases',
  'migrations',
  'mirror_changes',
  'mirror_states',
  'oauth_grants',
  'provider_counts',
  'provider_points',
  'provider_slots',
  'sessions',
  'throttles',
]);

/** The tables that a backup holds, each after those that it refers to. Throws when they refer to each other in a circle. */
export function tableOrder(tables: readonly StoredTable[]): StoredTable[] {
  const left = new Map(tables.filter(({ name }) => !notBackedUp.has(name)).map((table) => [table.name, table]));
  const ordered: StoredTable[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(({ needs }) => needs.every((name) => !left.has(name)));
    if (free.length === 0) throw new Error(`These tables refer to each other in a circle: ${[...left.keys()].join(', ')}.`);
    for (const table of free) left.delete(table.name);
    ordered.push(...free);
  }
  return ordered;
}
