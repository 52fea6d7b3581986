import { loadRun } from '@holdfast/db';
import { buildScope, fold } from '@holdfast/graph';
import type { Scope } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import { loadPlan } from './load-plan.ts';

/** What templates can read of a run as it stands now: what it began with and what its steps gave. Null: there is no such run. */
export async function loadRunScope(deps: Pick<RunsDeps, 'pool' | 'catalog'>, runId: string): Promise<Scope | null> {
  const run = await loadRun(deps.pool, runId);
  if (!run) return null;
  const plan = await loadPlan(deps.pool, deps.catalog, run);
  return buildScope(fold(plan, run.entries), {
    run: { id: run.id, flow: run.flowName },
    contact: run.contact,
    conversation: null,
    variables: run.variables ?? {},
  });
}
