import { setTimeout as pause } from 'node:timers/promises';
import {
  appendJournal,
  journalAfter,
  transaction,
  type Append,
  type Appended,
  type CallSettlement,
  type Hold,
  type NewKeptCall,
  type PendingOverride,
  type Pool,
  type PoolClient,
} from '@holdfast/db';
import { applyEntry, fold, type JournalEntry, type Plan, type RunState } from '@holdfast/graph';
import { isDatabaseTrouble } from './database-trouble.ts';
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
  /** Whether it is not written yet what became of a call. */
  readonly isSettling: boolean;
  /** Adds entries to be written at the next boundary. Throws `internal` for one that makes no sense. */
  add: (...entries: JournalEntry[]) => void;
  /** What became of a call, to be written at the next boundary: with the end of its step, as a rule. */
  settle: (settlement: CallSettlement) => void;
  /** A call to be delivered later: written with the end of its step, or not at all. */
  keep: (call: NewKeptCall) => void;
  /** Writes what was added. Throws run.superseded when the run has another owner. */
  flush: () => Promise<void>;
  /** Writes what was added within a quarter of a second, where no boundary comes before. A failure comes up at that boundary. */
  flushSoon: () => void;
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
  /** After a write that said what became of a call. */
  onSettled: () => void | Promise<void>;
}

/** What may be written later must be there for whoever looks on, and after a crash. */
const soonMs = 250;
/** A database that restarts is back within some seconds. */
const insisting = { tries: 15, pauseMs: 300 };

/** A run's journal in the hands of its owner: the state in memory is always the fold of what is written and what was added. */
export function openJournal({ pool, hold, plan, entries, overrides, stillMine, onSettled }: Opened): JournalSession {
  let known = entries.length;
  let added: JournalEntry[] = [];
  let settlements: CallSettlement[] = [];
  let keeping: NewKeptCall[] = [];
  let timer: NodeJS.Timeout | null = null;
  let state = fold(plan, entries);
  let turn: Promise<unknown> = Promise.resolve();

  /** The same owner's other activity wrote: go on from there, without what has become senseless. */
  const rebase = async () => {
    const written = await journalAfter(pool, hold.runId, 0);
    known = written.length;
    state = fold(plan, written);
    const stillSense: JournalEntry[] = [];
    for (const entry of added) {
      const next = applied(plan, state, entry);
      if (!next) continue;
      state = next;
      stillSense.push(entry);
    }
    added = stillSense;
    keeping = keeping.filter((call) => added.some(endsStepOf(call)));
  };
  const batched = (): Append => ({
    hold,
    known,
    entries: [...added],
    settlements: [...settlements],
    kept: keeping.filter((call) => added.some(endsStepOf(call))),
  });
  const settle = async (batch: Append, extra: JournalEntry[] = []): Promise<void> => {
    known += batch.entries.length + extra.length;
    added = added.slice(batch.entries.length);
    settlements = settlements.slice(batch.settlements.length);
    keeping = keeping.filter((call) => !batch.kept.includes(call));
    if (timer && added.length + settlements.length === 0) {
      clearTimeout(timer);
      timer = null;
    }
    // What was added during the commit comes after what the transaction itself wrote.
    if (extra.length > 0 && added.length === 0) state = fold(plan, extra, state);
    if (batch.settlements.length > 0) await onSettled();
  };
  /** What became of a call is known to nobody else, so its write is tried again for some seconds. One that was taken although it failed finds the journal moved. */
  const insist = async <T>({ settlements: { length } }: Append, write: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await write();
      } catch (error) {
        if (length === 0 || tries === insisting.tries || !isDatabaseTrouble(error)) throw error;
        await pause(insisting.pauseMs);
        stillMine();
      }
    }
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
    get isSettling() {
      return settlements.length > 0;
    },
    settle: (settlement) => void settlements.push(settlement),
    keep: (call) => void keeping.push(call),
    flushSoon: () => {
      timer ??= setTimeout(() => {
        timer = null;
        session.flush().catch(() => undefined);
      }, soonMs).unref();
    },
    flush: () =>
      inTurn(async () => {
        while (added.length + settlements.length > 0) {
          const batch = batched();
          if (take(await insist(batch, () => appendJournal(pool, batch)))) await settle(batch);
          else await rebase();
        }
      }),
    commit: (write) =>
      inTurn(async () => {
        for (;;) {
          const batch = batched();
          const result = await insist(batch, () => write(batch));
          if (result.isHeld) {
            await settle(batch);
            return result.value;
          }
          if (take(await appendJournal(pool, { hold, known, entries: [], settlements: [], kept: [] }))) continue;
          await rebase();
        }
      }),
    transaction: (work) =>
      inTurn(async () => {
        for (;;) {
          const batch = batched();
          try {
            const done = await transaction(pool, async (client) => {
              const result = await work(client);
              // An entry that makes no sense must fail here, before it is written for ever.
              fold(plan, result.entries, state);
              if (!take(await appendJournal(client, { ...batch, entries: [...batch.entries, ...result.entries] })))
                throw new JournalMoved();
              return result;
            });
            await settle(batch, done.entries);
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

const endsStepOf =
  ({ stepId }: NewKeptCall) =>
  (entry: JournalEntry): boolean =>
    entry.kind === 'step-ended' && entry.step === stepId;

function applied(plan: Plan, state: RunState, entry: JournalEntry): RunState | null {
  try {
    return applyEntry(plan, state, entry);
  } catch {
    return null;
  }
}
