import type { JournalEntry } from '@holdfast/graph';
import { HoldfastError, toProblem, type Words } from '@holdfast/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@holdfast/node-kit';

export type RepairOutcome = { state: 'done' | 'failed' | 'skipped'; problem: JsonObject | null };

interface Asked {
  action: 'retry' | 'resume' | 'skip' | 'end';
  override: { isApplied: boolean; refused: JsonValue } | null;
  /** What the run's journal got since it was asked. */
  entries: readonly JournalEntry[];
}

/** What became of one run of a repair; null while it is under way. Pure. */
export function outcomeOf({ action, override, entries }: Asked): RepairOutcome | null {
  if (!override || override.refused !== null) return leftAlone(override?.refused ?? null);
  if (!override.isApplied) return null;
  if (action === 'end' || action === 'skip') return done;
  return ofRetry(entries);
}

const done: RepairOutcome = { state: 'done', problem: null };

/** Told beside a run that was left as it is. */
export const leftAlone = (
  problem: JsonValue,
  detail: Words = 'Somebody acted on this run in the meantime, so it was left alone.',
): RepairOutcome => ({
  state: 'skipped',
  problem: isJsonObject(problem) ? problem : { ...toProblem(new HoldfastError('override.impossible', { detail })) },
});

function ofRetry(entries: readonly JournalEntry[]): RepairOutcome | null {
  const open = new Set<string>();
  let isGoingOn = false;
  for (const entry of entries) {
    if (entry.kind === 'retried') open.add(entry.step);
    if (entry.kind === 'resumed') isGoingOn = true;
    if (entry.kind === 'attention') return { state: 'failed', problem: asObject(entry.problem) };
    if (entry.kind === 'jumped' || (entry.kind === 'run-ended' && entry.by)) return leftAlone(null);
    if (entry.kind === 'step-failed' && entry.isFinal && open.has(entry.step)) return { state: 'failed', problem: asObject(entry.problem) };
    if (entry.kind !== 'step-ended' || !open.delete(entry.step)) continue;
    if (entry.how === 'gave-up') return { state: 'failed', problem: asObject(entry.facts?.['problem'] ?? null) };
    if (open.size === 0) return done;
  }
  return open.size === 0 && isGoingOn ? done : null;
}

const asObject = (problem: object | JsonValue): JsonObject => JSON.parse(JSON.stringify(problem)) as JsonObject; // a problem as the journal keeps it
