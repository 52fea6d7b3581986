import type { Queryable } from '@holdfast/db';
import { compile, journalEntry, type FlowFile, type JournalEntry } from '@holdfast/graph';
import type { Catalog } from '@holdfast/node-kit';
import { sameJournal } from './same-journal.ts';

export interface RecordedRun {
  id: string;
  file: FlowFile;
  entries: JournalEntry[];
}

/** All runs of a database, in the order they began; without those whose journal a test has broken on purpose. */
export async function recordedRuns(db: Queryable): Promise<RecordedRun[]> {
  const { rows } = await db.query<RecordedRun>(
    `select r.id, v.file, jsonb_agg(j.entry order by j.seq) as entries from runs r join versions v on v.flow_id = r.flow_id and v.id = r.version_id
     join journal j on j.run_id = r.id group by r.id, v.file order by r.id`,
  );
  return rows.filter(({ entries }) => entries.every((entry) => journalEntry.safeParse(entry).success));
}

/** What two executions of the same runs did differently; empty when they left the same journals. */
export function differences(catalog: Catalog, one: readonly RecordedRun[], other: readonly RecordedRun[]): string[] {
  if (one.length !== other.length) return [`${one.length} runs there, ${other.length} here`];
  return one.flatMap(({ id, file, entries }, index) => {
    const twin = other[index];
    const found = sameJournal(compile(file, 'version_test', catalog), entries, twin?.entries ?? []);
    return found.map((difference) => `“${file.name}” (${id}, ${twin?.id}): ${difference}`);
  });
}
