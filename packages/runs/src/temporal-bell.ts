import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { findRunEpoch, hurryRuns, takeDueRun, takeOverRun, unheardRuns, type DueRun, type Pool } from '@holdfast/db';
import type { Log, RunsDeps } from './deps.ts';
import type { EagerRoom } from './eager-room.ts';
import { createLostSweep } from './lost-sweep.ts';
import { createRecently } from './recently.ts';
import { createStartQueue } from './start-queue.ts';

/** The names that workflows/types.ts gives; kept equal by a test in apps/worker, since the sandbox's code is not loaded here. */
export const workflowType = 'runFlow';
export const doorbellName = 'doorbell';

/** A call to Temporal may take this long; beyond it Temporal counts as away, and what was to be rung comes again. */
const callMs = 5_000;
/** A doorbell that nobody heard for this long is rung again: with a sweep every second, whoever writes is answered within 5 s, though the claim's bell and the workflow's were both lost. */
export const unheardMs = 1_500;

/** A workflow that was rung needs a moment until its act can be seen in the tables. */
const rungAgainMs = 800;

interface Options extends Pick<RunsDeps, 'crashPoint' | 'handOvers'> {
  pool: Pool;
  log: Log;
  /** Null while there is no connection; asked for each time. */
  temporal: () => Client | null;
  taskQueue?: string | undefined;
  eager?: EagerRoom | null | undefined;
}

/** What Temporal is asked for: START, doorbells and LOST. While it is away nothing is asked but whether it is back. */
export interface TemporalBell {
  startFresh: (runId: string) => Promise<void>;
  startOne: (runId: string) => Promise<void>;
  doorbell: (runId: string) => Promise<void>;
  sweepStarts: () => Promise<void>;
  /** Rings for what is due at runs that have not acted on it for so long, 1.5 s when left out. */
  sweepUnheard: (olderThanMs?: number) => Promise<void>;
  sweepLost: () => Promise<void>;
  /** After an outage: looks whether Temporal is back, and then lets go on at once what waited. */
  lookWhetherBack: () => Promise<void>;
}

export function createTemporalBell({
  pool,
  log,
  temporal,
  taskQueue = 'holdfast',
  eager = null,
  crashPoint,
  handOvers,
}: Options): TemporalBell {
  let isAway = false;

  /** Null while Temporal is away. An answer that is none makes it so; "not found" and "exists already" are answers. */
  const ask = async <T>(call: (client: Client) => Promise<T>): Promise<T | null> => {
    const client = isAway ? null : temporal();
    if (!client) {
      isAway = true;
      return null;
    }
    try {
      return await client.withDeadline(Date.now() + callMs, () => call(client));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError)) {
        isAway = true;
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'Temporal does not answer; what is due waits for it');
        return null;
      }
      throw error;
    }
  };

  /** True only when Temporal definitely has no open workflow for the run: a run is never taken over on silence. */
  const isGone = async ({ id, epoch }: Omit<DueRun, 'attempts'>): Promise<boolean> => {
    try {
      const found = await ask((client) => client.workflow.getHandle(`${id}.${epoch}`).describe());
      return found !== null && found.status.name !== 'RUNNING';
    } catch (error) {
      return error instanceof WorkflowNotFoundError;
    }
  };
  const takeOverIfGone = async (seen: Omit<DueRun, 'attempts'>): Promise<void> => {
    if (!(await isGone(seen)) || !(await takeOverRun(pool, { runId: seen.id, epoch: seen.epoch }))) return;
    handOvers?.add('temporal-lost');
    log.warn({ run: seen.id, epoch: seen.epoch + 1 }, 'A run had lost its workflow and is started anew from its journal');
  };

  const start = async (due: DueRun): Promise<void> => {
    const requestEagerStart = (await eager?.enter(due.id)) ?? false;
    const { REJECT_DUPLICATE } = WorkflowIdReusePolicy;
    try {
      const options = {
        taskQueue,
        workflowId: `${due.id}.${due.epoch}`,
        args: [{ runId: due.id, epoch: due.epoch }],
        workflowIdReusePolicy: REJECT_DUPLICATE,
        requestEagerStart,
      };
      const asked = await ask((client) => client.workflow.start(workflowType, options));
      if (asked === null) eager?.leave(due.id);
      else await crashPoint?.('start-asked');
    } catch {
      eager?.leave(due.id);
      // Started before and never adopted: that workflow may be closed, and then nobody will.
      if (due.attempts >= 3) await takeOverIfGone(due);
    }
  };
  const startOne = async (id: string): Promise<void> => {
    const due = isAway ? null : await takeDueRun(pool, id);
    if (due) await start(due);
  };

  const doorbell = async (id: string): Promise<void> => {
    const found = isAway ? null : await findRunEpoch(pool, id);
    if (!found || found.status === 'ended') return;
    if (found.lane === 'handover') return startOne(id);
    // In the express lane its owner sees at its next boundary what there is.
    if (found.lane !== 'temporal') return;
    try {
      await ask((client) => client.workflow.getHandle(`${id}.${found.epoch}`).signal(doorbellName));
    } catch {
      await takeOverIfGone({ id, epoch: found.epoch });
      await startOne(id);
    }
  };
  const starts = createStartQueue({ pool, start });
  const rings = createRecently(rungAgainMs);

  return {
    startFresh: async (id) => {
      if (starts.hasRoom()) await start({ id, epoch: 1, attempts: 1 });
    },
    startOne,
    doorbell,
    sweepStarts: async () => {
      if (!isAway) await starts.sweep();
    },
    sweepUnheard: async (olderThanMs = unheardMs) => {
      const unheard = isAway ? [] : await unheardRuns(pool, olderThanMs);
      await Promise.all(unheard.filter((each) => rings.isNew(each.id)).map((each) => doorbell(each.id)));
    },
    sweepLost: createLostSweep({ pool, log, handOvers, workflowType, taskQueue, ask, takeOverIfGone }),
    lookWhetherBack: async () => {
      const client = isAway ? temporal() : null;
      if (!client) return;
      await client.withDeadline(Date.now() + callMs, () => client.workflowService.getSystemInfo({}));
      isAway = false;
      await hurryRuns(pool);
    },
  };
}
