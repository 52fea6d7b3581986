import {
  appendJournal,
  journalAfter,
  transaction,
  type Append,
  type Appended,
  type Hold,
  type PendingOverride,
  type Pool,
  type PoolClient,
} from '@holdfast/db';
import { applyEntry, fold, type JournalEntry, type Plan, type RunState } from '@holdfast/graph';
import { superseded } from './errors.ts';

/** Undoes the transaction in which an append found the journal longer than it believed. */
class JournalMoved extends Error {}

export interface JournalSession {
  readonly hold: Hold;
  readonly plan: Plan;
  /** With what was added and not yet written. */
  readonly state: RunState;
  /** Overrides seen at the last boundary. */
  overrides: PendingOverride[];
  /** Adds entries to be written at the next boundary. Throws `internal` for one that makes no sense. */
  add: (...entries: JournalEntry[]) => void;
  /** Writes what was added. Throws run.superseded when the run has another owner. */
  flush: () => Promise<void>;
  /** Writes what was added in the same statement as something else. */
  commit: <T>(write: (append: Append) => Promise<{ isHeld: true; value: T } | { isHeld: false }>) => Promise<T>;
  /** One transaction around `work`, whose entries are appended last; all of it is done again when the journal moved meanwhile. */
  transaction: <T>(work: (client: PoolClient) => Promise<{ entries: JournalEntry[]; value: T }>) => Promise<T>;
}

interface Opened {
  pool: Pool;
  hold: Hold;
  plan: Plan;
  entries: JournalEntry[];
  overrides: PendingOverride[];
  /** Before each write: throws run.superseded in a process that stood still so long that others may have taken its runs. */
  stillMine: () => void;
}

/** A run's journal in the hands of its owner: the state in memory is always the fold of what is written and what was added. */
export function openJournal({ pool, hold, plan, entries, overrides, stillMine }: Opened): JournalSession {
  let known = entries.length;
  let added: JournalEntry[] = [];
  let state = fold(plan, entries);
  let turn: Promise<unknown> = Promise.resolve();

  /** The same owner's other activity wrote: go on from there, without what has become senseless. */
  const rebase = async () => {
    const written = await journalAfter(pool, hold.runId, 0);
    known = written.length;
    state = fold(plan, written);
    const kept: JournalEntry[] = [];
    for (const entry of added) {
      const next = applied(plan, state, entry);
      if (!next) continue;
      state = next;
      kept.push(entry);
    }
    added = kept;
  };
  const settle = (count: number, extra: JournalEntry[] = []) => {
    known += count + extra.length;
    added = added.slice(count);
    if (extra.length === 0) return;
    // What was added during the commit comes after what the transaction itself wrote.
    if (added.length === 0) state = fold(plan, extra, state);
  };
  const take = (result: Appended): boolean => {
    if (result.state === 'lost') throw superseded(hold.runId);
    if (result.state === 'appended') session.overrides = result.overrides;
    return result.state === 'appended';
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const guarded = () => {
      stillMine();
      return work();
    };
    const mine = turn.then(guarded, guarded);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const session: JournalSession = {
    hold,
    plan,
    overrides,
    get state() {
      return state;
    },
    add: (...given) => {
      for (const entry of given) {
        state = applyEntry(plan, state, entry);
        added.push(entry);
      }
    },
    flush: () =>
      inTurn(async () => {
        while (added.length > 0) {
          const batch = [...added];
          if (take(await appendJournal(pool, { hold, known, entries: batch }))) settle(batch.length);
          else await rebase();
        }
      }),
    commit: (write) =>
      inTurn(async () => {
        for (;;) {
          const batch = [...added];
          const result = await write({ hold, known, entries: batch });
          if (result.isHeld) {
            settle(batch.length);
            return result.value;
          }
          if (take(await appendJournal(pool, { hold, known, entries: [] }))) continue;
          await rebase();
        }
      }),
    transaction: (work) =>
      inTurn(async () => {
        for (;;) {
          const batch = [...added];
          try {
            const done = await transaction(pool, async (client) => {
              const result = await work(client);
              // An entry that makes no sense must fail here, before it is written for ever.
              fold(plan, result.entries, state);
              if (!take(await appendJournal(client, { hold, known, entries: [...batch, ...result.entries] }))) throw new JournalMoved();
              return result;
            });
            settle(batch.length, done.entries);
            if (done.entries.length > 0 && added.length > 0) await rebase();
            return done.value;
          } catch (error) {
            if (!(error instanceof JournalMoved)) throw error;
            await rebase();
          }
        }
      }),
  };
  return session;
}

function applied(plan: Plan, state: RunState, entry: JournalEntry): RunState | null {
  try {
    return applyEntry(plan, state, entry);
  } catch {
    return null;
  }
}
