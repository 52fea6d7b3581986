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
import { fold, type JournalEntry, type Plan, type RunState } from '@holdfast/graph';
import { isDatabaseTrouble } from './database-trouble.ts';
import { superseded } from './errors.ts';
import { JournalDraft } from './journal-draft.ts';

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
  commit: <T>(write: Write<T>) => Promise<T>;
  /** One transaction around `work`, whose entries are appended last; all of it is done again when the journal moved meanwhile. */
  transaction: <T>(work: Work<T>) => Promise<T>;
}

type Write<T> = (append: Append) => Promise<{ isHeld: true; value: T } | { isHeld: false }>;
type Work<T> = (client: PoolClient) => Promise<{ entries: JournalEntry[]; value: T }>;

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
export function openJournal(opened: Opened): JournalSession {
  const { hold, plan, overrides, stillMine, onSettled } = opened;
  const draft = new JournalDraft(opened);
  const inTurn = oneAfterTheOther(stillMine);
  const soon = once(soonMs, () => session.flush().catch(() => undefined));
  const desk: Desk = {
    ...opened,
    draft,
    take: (result) => {
      if (result.state === 'lost') throw superseded(hold.runId);
      if (result.state === 'appended') session.overrides = result.overrides;
      return result.state === 'appended';
    },
    settle: async (batch, extra = []) => {
      draft.drop(batch, extra);
      if (!draft.isOpen) soon.cancel();
      if (batch.settlements.length > 0) await onSettled();
    },
  };
  const session: JournalSession = {
    hold,
    plan,
    overrides,
    get state() {
      return draft.state;
    },
    get isSettling() {
      return draft.isSettling;
    },
    add: (...entries) => draft.add(entries),
    settle: (settlement) => draft.settle(settlement),
    keep: (call) => draft.keep(call),
    flushSoon: soon.ask,
    flush: () => inTurn(() => flush(desk)),
    commit: (write) => inTurn(() => commit(desk, write)),
    transaction: (work) => inTurn(() => transact(desk, work)),
  };
  return session;
}

/** What writing needs beside the draft. */
interface Desk extends Pick<Opened, 'pool' | 'hold' | 'plan' | 'stillMine'> {
  draft: JournalDraft;
  /** Whether it was appended: if not, the journal moved. */
  take: (result: Appended) => boolean;
  settle: (batch: Append, extra?: JournalEntry[]) => Promise<void>;
}

const rebase = async ({ pool, hold, draft }: Desk): Promise<void> => draft.rebase(await journalAfter(pool, hold.runId, 0));

async function flush(desk: Desk): Promise<void> {
  const { pool, draft, take, settle } = desk;
  while (draft.isOpen) {
    const batch = draft.batch();
    if (take(await insist(desk, batch, () => appendJournal(pool, batch)))) await settle(batch);
    else await rebase(desk);
  }
}

async function commit<T>(desk: Desk, write: Write<T>): Promise<T> {
  const { pool, draft, take, settle } = desk;
  for (;;) {
    const batch = draft.batch();
    const result = await insist(desk, batch, () => write(batch));
    if (result.isHeld) {
      await settle(batch);
      return result.value;
    }
    if (!take(await appendJournal(pool, draft.emptyBatch()))) await rebase(desk);
  }
}

async function transact<T>(desk: Desk, work: Work<T>): Promise<T> {
  const { pool, plan, draft, take, settle } = desk;
  for (;;) {
    const batch = draft.batch();
    try {
      const done = await transaction(pool, async (client) => {
        const result = await work(client);
        // An entry that makes no sense must fail here, before it is written for ever.
        fold(plan, result.entries, draft.state);
        if (!take(await appendJournal(client, { ...batch, entries: [...batch.entries, ...result.entries] }))) throw new JournalMoved();
        return result;
      });
      await settle(batch, done.entries);
      if (done.entries.length > 0 && draft.hasEntries) await rebase(desk);
      return done.value;
    } catch (error) {
      if (!(error instanceof JournalMoved)) throw error;
      await rebase(desk);
    }
  }
}

/** What became of a call is known to nobody else, so its write is tried again for some seconds. One that was taken although it failed finds the journal moved. */
async function insist<T>({ stillMine }: Desk, { settlements: { length } }: Append, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (length === 0 || tries === insisting.tries || !isDatabaseTrouble(error)) throw error;
      await pause(insisting.pauseMs);
      stillMine();
    }
  }
}

/** Works one after the other, each only while the run still is this process's. */
function oneAfterTheOther(stillMine: () => void): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const guarded = () => {
      stillMine();
      return work();
    };
    const mine = turn.then(guarded, guarded);
    turn = mine.catch(() => undefined);
    return mine;
  };
}

/** Does it once after a while, however often it is asked for meanwhile. */
function once(afterMs: number, act: () => void): { ask: () => void; cancel: () => void } {
  let timer: NodeJS.Timeout | null = null;
  const cancel = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    ask: () => {
      timer ??= setTimeout(() => {
        timer = null;
        act();
      }, afterMs).unref();
    },
    cancel,
  };
}
