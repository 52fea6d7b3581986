import type { Client } from '@temporalio/client';
import { dueConversations, handOverQueuedRuns, stuckConversations, takeHeldRings, takeOverExpressRuns } from '@holdfast/db';
import { hearBells, ringOthers } from './bells.ts';
import { claimConversation } from './claim.ts';
import { createConversationTimers } from './conversation-timers.ts';
import type { Bell, RunsDeps } from './deps.ts';
import type { EagerRoom } from './eager-room.ts';
import type { ExpressLane } from './express-lane.ts';
import { returnPhoneHolds } from './handoffs.ts';
import { repeat } from './repeat.ts';
import { createOutageWatch } from './outage-watch.ts';
import { createTemporalBell, unheardMs } from './temporal-bell.ts';

export interface RingerOptions extends Omit<RunsDeps, 'bell' | 'express'> {
  /** The lane of this process; without one, others are rung when runs are queued. */
  express?: ExpressLane | null;
  /** Null while Temporal can't be reached; asked for each time. */
  temporal: () => Client | null;
  taskQueue?: string;
  /** Present where a worker shares this process and its connection. */
  eager?: EagerRoom | null;
  onHumanSend?: () => void;
  onEnded?: Bell['ended'];
  /** Runs ended in other processes; which ones stands in the tables. */
  onSomeEnded?: () => unknown;
  /** How often the sweeps look; tests hurry. */
  sweepMs?: number;
}

export interface Ringer {
  bell: Bell;
  stop: () => Promise<void>;
  /** One round of every sweep, now. */
  sweep: () => Promise<void>;
}

/** Rings what is due: starts runs, claims conversations, wakes workflows, and finds what nobody rang for. One per server process; several share the work. */
export function createRinger(options: RingerOptions): Ringer {
  const { pool, log, sweepMs = 1_000 } = options;
  const temporal = createTemporalBell(options);
  const busy = new Set<Promise<unknown>>();
  let isStopped = false;

  const report = (error: unknown) =>
    log.warn({ error: error instanceof Error ? error.message : String(error) }, 'A ring failed and will come again');
  const run = (work: () => Promise<unknown>) => {
    if (isStopped) return;
    const watched = work()
      .catch(report)
      .finally(() => busy.delete(watched));
    busy.add(watched);
  };
  const timers = createConversationTimers((id) => run(() => claimConversation(deps, id)));
  const bell: Bell = {
    run: (id, isFresh = false) => run(() => (isFresh ? temporal.startFresh(id) : temporal.startOne(id))),
    queued: () => (options.express ? options.express.ring() : ringOthers(pool, 'queued')),
    doorbell: (id) => run(() => temporal.doorbell(id)),
    conversation: timers.set,
    humanSend: () => options.onHumanSend?.(),
    ended: (id, end) => options.onEnded?.(id, end),
  };
  const deps: RunsDeps = { ...options, bell };

  const outage = createOutageWatch();
  const sweepConversations = async () => {
    const found = await dueConversations(pool, 10_000);
    outage.answered();
    for (const due of found) if (due.inMs <= 0 || !timers.has(due.id)) timers.set(due.id, due.inMs);
  };
  const sweepStuck = async () => {
    // One that can't be claimed must not keep the others waiting; its failure is counted at its messages.
    for (const id of await stuckConversations(pool, unheardMs)) await claimConversation(deps, id).catch(report);
  };
  // One after the other, as they were given their turns.
  const sweepHeld = async () => {
    for (const id of await takeHeldRings(pool, 200)) bell.doorbell(id);
  };
  const sweepOwnerless = async () => {
    // Queued before the installation was told to do without the express lane.
    if (options.forcedLane === 'temporal') await handOverQueuedRuns(pool);
    if (!outage.isLongOver()) return;
    for (const id of await takeOverExpressRuns(pool, 200)) {
      log.warn({ run: id }, 'A run had lost its process and is started anew from its journal');
      options.handOvers?.add('owner-lost');
      bell.run(id);
    }
  };
  const all =
    (...sweeps: (() => Promise<void>)[]) =>
    async () => {
      for (const sweep of sweeps) await sweep().catch(report);
    };
  // Side by side: without Temporal, conversations must be claimed all the same.
  const loops = [
    repeat(sweepMs, all(sweepConversations, sweepOwnerless)),
    repeat(sweepMs * 3, all(sweepStuck)),
    repeat(
      sweepMs / 4,
      all(() => temporal.lookWhetherBack().catch(() => undefined), temporal.sweepStarts),
    ),
    repeat(
      sweepMs,
      all(() => temporal.sweepUnheard()),
    ),
    repeat(sweepMs / 4, all(sweepHeld)),
    repeat(sweepMs * 2, all(temporal.sweepLost)),
    repeat(
      sweepMs * 30,
      all(() => returnPhoneHolds(deps)),
    ),
  ];
  // What other processes ask for; each look reads from the tables what is due.
  const bells = hearBells(pool, {
    run: all(temporal.sweepStarts),
    queued: () => options.express?.ring(),
    doorbell: all(() => temporal.sweepUnheard(0)),
    conversation: all(sweepConversations),
    humanSend: bell.humanSend,
    ended: () => options.onSomeEnded?.(),
  });

  return {
    bell,
    sweep: all(sweepConversations, sweepOwnerless, sweepStuck, temporal.sweepStarts, () => temporal.sweepUnheard(), temporal.sweepLost),
    stop: async () => {
      isStopped = true;
      timers.stop();
      await Promise.all([...loops.map((loop) => loop.stop()), bells.close()]);
      await Promise.allSettled(busy);
    },
  };
}
