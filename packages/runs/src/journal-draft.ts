import type { Append, CallSettlement, Hold, NewKeptCall } from '@holdfast/db';
import { applyEntry, fold, type JournalEntry, type Plan, type RunState } from '@holdfast/graph';

/** A run's journal in memory: how much of it is written, as far as we know, and what was added since. */
export class JournalDraft {
  readonly #hold: Hold;
  readonly #plan: Plan;
  #known: number;
  #state: RunState;
  #added: JournalEntry[] = [];
  #settlements: CallSettlement[] = [];
  #keeping: NewKeptCall[] = [];

  constructor({ hold, plan, entries }: { hold: Hold; plan: Plan; entries: readonly JournalEntry[] }) {
    this.#hold = hold;
    this.#plan = plan;
    this.#known = entries.length;
    this.#state = fold(plan, entries);
  }

  /** The fold of what is written and what was added. */
  get state(): RunState {
    return this.#state;
  }

  get hasEntries(): boolean {
    return this.#added.length > 0;
  }

  get isSettling(): boolean {
    return this.#settlements.length > 0;
  }

  /** Whether something waits to be written. */
  get isOpen(): boolean {
    return this.hasEntries || this.isSettling;
  }

  /** Throws `internal` for an entry that makes no sense. */
  add(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      this.#state = applyEntry(this.#plan, this.#state, entry);
      this.#added.push(entry);
    }
  }

  settle(settlement: CallSettlement): void {
    this.#settlements.push(settlement);
  }

  keep(call: NewKeptCall): void {
    this.#keeping.push(call);
  }

  /** What is to be written now. */
  batch(): Append {
    return {
      hold: this.#hold,
      known: this.#known,
      entries: [...this.#added],
      settlements: [...this.#settlements],
      kept: this.#keptNow(),
    };
  }

  /** Nothing, where the journal should stand by now: appending it tells whether it does. */
  emptyBatch(): Append {
    return { hold: this.#hold, known: this.#known, entries: [], settlements: [], kept: [] };
  }

  /** A batch is written, and after it what its transaction appended. */
  drop(batch: Append, extra: readonly JournalEntry[]): void {
    this.#known += batch.entries.length + extra.length;
    this.#added = this.#added.slice(batch.entries.length);
    this.#settlements = this.#settlements.slice(batch.settlements.length);
    this.#keeping = this.#keeping.filter((call) => !batch.kept.includes(call));
    // What was added during the commit comes after what the transaction itself wrote.
    if (extra.length > 0 && !this.hasEntries) this.#state = fold(this.#plan, extra, this.#state);
  }

  /** The same owner's other activity wrote: go on from there, without what has become senseless. */
  rebase(written: readonly JournalEntry[]): void {
    this.#known = written.length;
    this.#state = fold(this.#plan, written);
    const waiting = this.#added;
    this.#added = [];
    for (const entry of waiting) {
      const next = applied(this.#plan, this.#state, entry);
      if (!next) continue;
      this.#state = next;
      this.#added.push(entry);
    }
    this.#keeping = this.#keptNow();
  }

  /** A call is kept with the end of its step, or not at all. */
  #keptNow(): NewKeptCall[] {
    const ended = new Set(this.#added.map((entry) => (entry.kind === 'step-ended' ? entry.step : null)));
    return this.#keeping.filter(({ stepId }) => ended.has(stepId));
  }
}

function applied(plan: Plan, state: RunState, entry: JournalEntry): RunState | null {
  try {
    return applyEntry(plan, state, entry);
  } catch {
    return null;
  }
}
