import { adoptRun, guardRun, type Hold, type LoadedRun, type PoolClient } from '@holdfast/db';
import { buildScope } from '@holdfast/graph';
import type { Scope } from '@holdfast/node-kit';
import { countAttempts, type AttemptCount } from './attempts.ts';
import type { ExecutionDeps } from './deps.ts';
import { superseded } from './errors.ts';
import { openJournal, type JournalSession } from './journal-session.ts';
import { loadPlan } from './load-plan.ts';

/** A run in the express lane: claimed and loaded by one statement, executed once, then ended or handed over. */
export interface Express {
  run: LoadedRun;
  /** True once this process takes its leave: the run is handed over at its next boundary. */
  isClosing: () => boolean;
  /** Ends what is under way when closing takes too long. */
  signal: AbortSignal;
}

/** A run in the hands of its owner. */
export interface RunSession {
  deps: ExecutionDeps;
  run: LoadedRun;
  /** Null in Temporal's lane. */
  express: Express | null;
  journal: JournalSession;
  counts: Map<string, AttemptCount>;
  scope: () => Scope;
  /** GUARD for transactions of others: throws run.superseded. */
  guard: (client: PoolClient) => Promise<void>;
}

/** ADOPT and load; a run in the express lane is both already. Null: this run belongs to another owner or has ended. */
export async function openRun(deps: ExecutionDeps, hold: Hold, express: Express | null = null): Promise<RunSession | null> {
  const run = express?.run ?? (await adoptRun(deps.pool, hold));
  if (!run) return null;
  await deps.crashPoint?.('adopted');
  const plan = await loadPlan(deps.pool, deps.catalog, run);
  const stillMine = () => {
    if (deps.isAlive && !deps.isAlive()) throw superseded(run.id);
  };
  const journal = openJournal({
    pool: deps.pool,
    hold,
    plan,
    entries: run.entries,
    overrides: run.overrides ?? [],
    stillMine,
    onSettled: () => deps.crashPoint?.('call-settled'),
  });
  return {
    deps,
    run,
    express,
    journal,
    counts: countAttempts(run.entries),
    scope: () => scopeOf(run, journal),
    guard: async (client) => {
      stillMine();
      if (!(await guardRun(client, hold))) throw superseded(run.id);
    },
  };
}

function scopeOf(run: LoadedRun, journal: JournalSession): Scope {
  const conversation = run.conversation && {
    id: run.conversation.id,
    channel: run.conversation.channelName,
    channelKind: run.conversation.channelKind,
    history: run.history ?? [],
  };
  return buildScope(journal.state, {
    run: { id: run.id, flow: run.flowName },
    contact: run.contact,
    conversation,
    variables: run.variables ?? {},
  });
}
