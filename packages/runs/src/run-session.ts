import { adoptRun, guardRun, type Hold, type LoadedRun, type PoolClient } from '@holdfast/db';
import { buildScope } from '@holdfast/graph';
import type { Scope } from '@holdfast/node-kit';
import { countAttempts, type AttemptCount } from './attempts.ts';
import type { ExecutionDeps } from './deps.ts';
import { superseded } from './errors.ts';
import { openJournal, type JournalSession } from './journal-session.ts';
import { loadPlan } from './load-plan.ts';

/** A run in the hands of its owner. */
export interface RunSession {
  deps: ExecutionDeps;
  run: LoadedRun;
  journal: JournalSession;
  counts: Map<string, AttemptCount>;
  scope: () => Scope;
  /** GUARD for transactions of others: throws run.superseded. */
  guard: (client: PoolClient) => Promise<void>;
}

/** ADOPT and load. Null: this run belongs to another owner or has ended. */
export async function openRun(deps: ExecutionDeps, hold: Hold): Promise<RunSession | null> {
  const run = await adoptRun(deps.pool, hold);
  if (!run) return null;
  await deps.crashPoint?.('adopted');
  const plan = await loadPlan(deps.pool, deps.catalog, run);
  const journal = openJournal({ pool: deps.pool, hold, plan, entries: run.entries, overrides: run.overrides ?? [] });
  return {
    deps,
    run,
    journal,
    counts: countAttempts(run.entries),
    scope: () => scopeOf(run, journal),
    guard: async (client) => {
      if (deps.isAlive && !deps.isAlive()) throw superseded(run.id);
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
