import { insertRun, newId, type Beginning, type LoadedRun, type NewRun, type Queryable } from '@holdfast/db';
import { rootStepId, type FlowFile } from '@holdfast/graph';
import type { RunsDeps } from './deps.ts';
import { laneFor } from './lane-for.ts';

/** BEGIN: writes the run with its first journal entry, in the statement or transaction that `db` is. Answers its id. Throws StaleTrigger and RepeatedDelivery. */
export type Begin = (db: Queryable, given: Omit<NewRun, 'id'> & { port: string; file: Pick<FlowFile, 'settings'> }) => Promise<string>;

/** The trigger that a run was to begin with is not what is live at its path any more. Nothing was written. */
export class StaleTrigger extends Error {}

/** A message with this id began a run already. Nothing was written. */
export class RepeatedDelivery extends Error {
  readonly runId: string;
  constructor(runId: string) {
    super(`It began ${runId} already.`);
    this.runId = runId;
  }
}

interface Begun {
  id: string;
  lane: Beginning['lane'];
  claimed: LoadedRun | null;
}

/** Lets `work` begin runs in one commit and launches them after it: rung, queued, or executed in this process, which claimed them as it wrote them. */
export async function beginRuns<T>(deps: RunsDeps, work: (begin: Begin) => Promise<T>): Promise<T> {
  const begun: Begun[] = [];
  const begin: Begin = async (db, { port, file, ...given }) => {
    const run = { ...given, id: newId('run') };
    const place = placeFor(deps, run, file);
    const one: Begun = { id: run.id, lane: place.lane, claimed: null };
    begun.push(one);
    const inserted = await insertRun(
      db,
      run,
      { kind: 'run-started', at: new Date().toISOString(), node: run.triggerNodeId, step: rootStepId(run.id), port, input: run.input },
      place,
    );
    if (inserted.state === 'stale') throw new StaleTrigger(`Another trigger is live at ${run.through?.path}.`);
    if (inserted.state === 'repeated') throw new RepeatedDelivery(inserted.runId);
    one.claimed = inserted.claimed;
    return run.id;
  };
  try {
    const value = await work(begin);
    if (begun.length > 0) await deps.crashPoint?.('run-begun');
    for (const one of begun) launch(deps, one);
    return value;
  } catch (error) {
    for (const one of begun) deps.express?.leave(one.id);
    throw error;
  }
}

function placeFor(deps: RunsDeps, run: Pick<NewRun, 'id' | 'source'>, { settings }: Pick<FlowFile, 'settings'>): Beginning {
  if (laneFor({ source: run.source, settings, forced: deps.forcedLane ?? null }) === 'temporal') return { lane: 'handover' };
  return deps.express?.enter(run.id) ? { lane: 'express', owner: deps.express.process } : { lane: 'queued' };
}

function launch(deps: RunsDeps, { id, lane, claimed }: Begun): void {
  if (claimed) deps.express?.begin(claimed);
  else if (lane === 'queued') deps.bell.queued();
  else deps.bell.run(id, true);
}
