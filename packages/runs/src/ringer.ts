import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { dueConversations, findRunEpoch, hurryRuns, stuckConversations, takeDueRun, takeDueRuns, takeOverRun, unheardRuns, runsInTemporal } from '@holdfast/db';
import { claimConversation } from './claim.ts';
import type { Bell, RunsDeps } from './deps.ts';
import type { EagerRoom } from './eager-room.ts';
import { listenBells, type BellNotice } from './listen.ts';
import { isGone } from './temporal-answers.ts';

/** The names that workflows/types.ts gives; kept equal by a test, since the sandbox's code is not loaded here. */
const workflowType = 'runFlow';
const doorbellName = 'doorbell';

export interface RingerOptions extends Omit<RunsDeps, 'bell'> {
  /** Null while Temporal can't be reached; asked for each time. */
  temporal: () => Client | null;
  taskQueue?: string;
  /** Present where a worker shares this process and its connection. */
  eager?: EagerRoom | null;
  onHumanSend?: () => void;
  onEnded?: (runId: string) => void;
  /** How often the sweeps look; tests hurry. */
  sweepMs?: number;
}

export interface Ringer {
  bell: Bell;
  stop: () => Promise<void>;
  /** One round of every sweep, now; for tests and for the moment after an outage. */
  sweep: () => Promise<void>;
}

/** Where two sweeps meet less often than bells are lost. */
const unheardMs = 4_000;
/** A workflow of this long silence is looked at once a round, in pages. */
const lostIdleMs = 15_000;
const lostPage = 25;

/** Rings what is due: starts runs, claims conversations, wakes workflows, and finds what nobody rang for. One per server process; several share the work. */
export function createRinger(options: RingerOptions): Ringer {
  const { pool, log, sweepMs = 1_000 } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  const busy = new Set<Promise<unknown>>();
  let isStopped = false;
  let lostCursor = '';

  const report = (error: unknown) => log.warn({ error: error instanceof Error ? error.message : String(error) }, 'A ring failed and will come again');
  const run = (work: Promise<unknown>) => {
    const watched = work.catch(report).finally(() => busy.delete(watched));
    busy.add(watched);
  };
  const bell: Bell = {
    run: (id, isFresh = false) => !isStopped && run(isFresh ? startWorkflow({ id, epoch: 1, attempts: 1 }) : startOne(id)),
    doorbell: (id) => !isStopped && run(ringDoorbell(id)),
    conversation: (id, inMs) => {
      if (isStopped) return;
      clearTimeout(timers.get(id));
      timers.set(id, setTimeout(() => {
        timers.delete(id);
        run(claimConversation(deps, id));
      }, inMs <= 0 ? 0 : inMs + 5));
    },
    humanSend: () => options.onHumanSend?.(),
    ended: (id) => options.onEnded?.(id),
  };
  const deps: RunsDeps = { ...options, bell };

  const startOne = async (id: string) => {
    const due = await takeDueRun(pool, id);
    if (due) await startWorkflow(due);
  };
  let isTemporalDown = false;
  /** Temporal is back after starts failed: what waited goes on now, not at the end of its backoff. */
  const hurryAfterOutage = async () => {
    const client = options.temporal();
    if (!isTemporalDown || !client) return;
    await client.workflowService.getSystemInfo({});
    isTemporalDown = false;
    await hurryRuns(pool);
  };
  const startWorkflow = async (due: { id: string; epoch: number; attempts: number }) => {
    const client = options.temporal();
    if (!client) {
      isTemporalDown = true;
      return;
    }
    const isEager = options.eager?.enter(due.id) ?? false;
    try {
      await client.workflow.start(workflowType, {
        taskQueue: options.taskQueue ?? 'holdfast', workflowId: `${due.id}.${due.epoch}`, args: [{ runId: due.id, epoch: due.epoch }],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE, requestEagerStart: isEager,
      });
    } catch (error) {
      options.eager?.leave(due.id);
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
        isTemporalDown = true;
        throw error;
      }
      // Started before and never adopted: that workflow may be closed, and then nobody will.
      if (due.attempts >= 3 && (await isGone(client, due.id, due.epoch))) await takeOver(due);
    }
  };
  const takeOver = async (seen: { id: string; epoch: number }) => {
    if (!(await takeOverRun(pool, { runId: seen.id, epoch: seen.epoch }))) return;
    log.warn({ run: seen.id, epoch: seen.epoch + 1 }, 'A run had lost its workflow and is started anew from its journal');
    await startOne(seen.id);
  };
  const ringDoorbell = async (id: string) => {
    const client = options.temporal();
    const found = await findRunEpoch(pool, id);
    if (!client || !found || found.status === 'ended') return;
    if (found.lane === 'handover') return startOne(id);
    try {
      await client.workflow.getHandle(`${id}.${found.epoch}`).signal(doorbellName);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      if (await isGone(client, id, found.epoch)) await takeOver({ id, epoch: found.epoch });
    }
  };

  const sweepStarts = async () => {
    if (!options.temporal()) return;
    const due = await takeDueRuns(pool, 50);
    // Side by side, but not all at once: Temporal answers a start in some milliseconds.
    for (let first = 0; first < due.length; first += 10) await Promise.all(due.slice(first, first + 10).map((each) => startWorkflow(each)));
  };
  const sweepConversations = async () => {
    for (const due of await dueConversations(pool, 10_000)) if (due.inMs <= 0 || !timers.has(due.id)) bell.conversation(due.id, due.inMs);
  };
  const sweepUnheard = async () => {
    for (const id of await stuckConversations(pool, unheardMs)) await claimConversation(deps, id);
    for (const each of await unheardRuns(pool, unheardMs)) await ringDoorbell(each.id);
  };
  /** LOST, a page at a time: after Temporal's database was deleted, every run comes back, but not all at once. */
  const sweepLost = async () => {
    const client = options.temporal();
    if (!client) return;
    const page = await runsInTemporal(pool, lostCursor, lostPage, lostIdleMs);
    lostCursor = page.length < lostPage ? '' : (page.at(-1)?.id ?? '');
    for (const each of page) if (await isGone(client, each.id, each.epoch)) await takeOver(each);
  };

  let round = 0;
  const sweep = async () => {
    await sweepStarts();
    await sweepConversations();
    await sweepUnheard();
    await sweepLost();
  };
  const turn = async () => {
    round++;
    const due = [hurryAfterOutage, sweepStarts, sweepConversations, ...(round % 3 === 0 ? [sweepUnheard] : []), ...(round % 2 === 0 ? [sweepLost] : [])];
    // Each by itself: without Temporal, conversations must be claimed all the same.
    for (const work of due) await work().catch(report);
  };
  let next: NodeJS.Timeout | null = null;
  const loop = () => {
    if (isStopped) return;
    next = setTimeout(() => {
      const mine = turn().finally(() => {
        busy.delete(mine);
        loop();
      });
      busy.add(mine);
    }, sweepMs);
  };
  loop();
  const listener = listenBells(pool, (notice) => hear(bell, notice), () => undefined);

  return {
    bell,
    sweep,
    stop: async () => {
      isStopped = true;
      if (next) clearTimeout(next);
      for (const timer of timers.values()) clearTimeout(timer);
      await listener.close();
      await Promise.allSettled([...busy]);
    },
  };
}

function hear(bell: Bell, { bell: kind, id, inMs = 0 }: BellNotice): void {
  if (kind === 'run') bell.run(id);
  else if (kind === 'doorbell') bell.doorbell(id);
  else if (kind === 'conversation') bell.conversation(id, inMs);
  else if (kind === 'human-send') bell.humanSend();
  else bell.ended(id);
}
