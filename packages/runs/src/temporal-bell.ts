import { WorkflowIdReusePolicy, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { findRunEpoch, hurryRuns, takeDueRun, takeOverRun, unheardRuns, type DueRun, type Pool } from '@holdfast/db';
import type { Log, RunsDeps } from './deps.ts';
import type { EagerRoom } from './eager-room.ts';
import { createLostSweep } from './lost-sweep.ts';
import { createRecently } from './recently.ts';
import { createStartQueue } from './start-queue.ts';
import { createTemporalLine, type TemporalLine } from './temporal-line.ts';

/** The names that workflows/types.ts gives; kept equal by a test in apps/worker, since the sandbox's code is not loaded here. */
export const workflowType = 'runFlow';
export const doorbellName = 'doorbell';

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

export function createTemporalBell(options: Options): TemporalBell {
  const { pool, log, handOvers, taskQueue = 'holdfast' } = options;
  const line = createTemporalLine(options);
  const takeOverIfGone = createTakingOver(options, line);
  const start = createStart({ ...options, taskQueue }, line, takeOverIfGone);
  const starts = createStartQueue({ pool, start });
  const rings = createRecently(rungAgainMs);

  const startOne = async (id: string): Promise<void> => {
    const due = line.isAway() ? null : await takeDueRun(pool, id);
    if (due) await start(due);
  };
  const doorbell = async (id: string): Promise<void> => {
    const found = line.isAway() ? null : await findRunEpoch(pool, id);
    if (!found || found.status === 'ended') return;
    if (found.lane === 'handover') return startOne(id);
    // In the express lane its owner sees at its next boundary what there is.
    if (found.lane !== 'temporal') return;
    try {
      await line.ask((client) => client.workflow.getHandle(`${id}.${found.epoch}`).signal(doorbellName));
    } catch {
      await takeOverIfGone({ id, epoch: found.epoch });
      await startOne(id);
    }
  };
  return {
    startFresh: async (id) => {
      if (starts.hasRoom()) await start({ id, epoch: 1, attempts: 1 });
    },
    startOne,
    doorbell,
    sweepStarts: async () => {
      if (!line.isAway()) await starts.sweep();
    },
    sweepUnheard: async (olderThanMs = unheardMs) => {
      const unheard = line.isAway() ? [] : await unheardRuns(pool, olderThanMs);
      await Promise.all(unheard.filter((each) => rings.isNew(each.id)).map((each) => doorbell(each.id)));
    },
    sweepLost: createLostSweep({ pool, log, handOvers, workflowType, taskQueue, ask: line.ask, takeOverIfGone }),
    lookWhetherBack: async () => {
      if (await line.isBack()) await hurryRuns(pool);
    },
  };
}

type Seen = Omit<DueRun, 'attempts'>;

/** Starts a run anew from its journal, under its next epoch, when its workflow is gone. */
function createTakingOver({ pool, log, handOvers }: Options, { ask }: TemporalLine): (seen: Seen) => Promise<void> {
  /** True only when Temporal definitely has no open workflow for the run: a run is never taken over on silence. */
  const isGone = async ({ id, epoch }: Seen): Promise<boolean> => {
    try {
      const found = await ask((client) => client.workflow.getHandle(`${id}.${epoch}`).describe());
      return found !== null && found.status.name !== 'RUNNING';
    } catch (error) {
      return error instanceof WorkflowNotFoundError;
    }
  };
  return async (seen) => {
    if (!(await isGone(seen)) || !(await takeOverRun(pool, { runId: seen.id, epoch: seen.epoch }))) return;
    handOvers?.add('temporal-lost');
    log.warn({ run: seen.id, epoch: seen.epoch + 1 }, 'A run had lost its workflow and is started anew from its journal');
  };
}

/** START: asks for the workflow of a run that is due. */
function createStart(
  { taskQueue, eager, crashPoint }: Options & { taskQueue: string },
  { ask }: TemporalLine,
  takeOverIfGone: (seen: Seen) => Promise<void>,
): (due: DueRun) => Promise<void> {
  return async (due) => {
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
}
