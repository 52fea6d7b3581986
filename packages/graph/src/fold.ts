import { applyEntry, unstarted } from './apply-entry.ts';
import type { JournalEntry } from './journal.ts';
import type { Plan, RunState } from './run-state.ts';

/** What a run's journal amounts to; `from` goes on with a state folded earlier. */
export function fold(plan: Plan, entries: Iterable<JournalEntry>, from: RunState = unstarted): RunState {
  let state = from;
  for (const entry of entries) state = applyEntry(plan, state, entry);
  return state;
}
