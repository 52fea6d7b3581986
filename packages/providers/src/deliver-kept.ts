import {
  clearKeptFailures,
  ensureProvider,
  firstKeptCall,
  leaveKeptLine,
  listKeptUnderWay,
  settleLostKept,
  stopRestoredKept,
  takeKeptLines,
  type Pool,
  type ProviderName,
} from '@holdfast/db';
import type { ResolvedCredential } from '@holdfast/egress';
import { HoldfastError, toProblem } from '@holdfast/errors';
import type { Gate } from './admission.ts';
import { deliverOne } from './deliver-one.ts';
import type { CarryOut } from './deliver-step.ts';
import { providerNamed } from './provider-of.ts';
import { tellOfHeldUp, tellOfStopped } from './settle-kept.ts';

export interface DelivererOptions {
  pool: Pool;
  gate: Gate;
  /** This process's id in `leases`. */
  process: string;
  /** False once this process may have been replaced. */
  isAlive: () => boolean;
  openCredential: (workspaceId: string, id: string) => Promise<ResolvedCredential>;
  /** By the runners of this process. */
  carryOut: CarryOut;
  log: { warn: (facts: object, text: string) => void };
  /** How often it looks what is due; a second when left out. */
  lookEveryMs?: number;
  /** Tests stop a process here. */
  crashPoint?: (point: 'kept-dispatched' | 'kept-going-out' | 'kept-answered') => void | Promise<void>;
}

/** What the pieces of one deliverer share. */
export interface Delivering extends DelivererOptions {
  /** Calls that this process is at. */
  calling: Set<string>;
}

export interface Deliverer {
  /** Ends when what is on its way has arrived. */
  stop: () => Promise<void>;
}

const lookMs = 1_000;
/** Between two looks for what dead processes left: so many looks. */
const looksBetween = 5;
/** Providers that one process delivers to at once. */
const mostLines = 20;
/** Where the first ones wait for others that a person must look at. */
const blockedMs = 10_000;

/** Delivers what steps kept for later: in order, one process at a time for each provider, through pause, breaker and limits like any call. */
export function startDeliverer(options: DelivererOptions): Deliverer {
  const { pool, process, isAlive, log, lookEveryMs = lookMs } = options;
  const underway = new Map<ProviderName, Promise<void>>();
  const calling = new Set<string>();
  let isStopped = false;
  let sweptAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  const goesOn = (): boolean => !isStopped && isAlive();
  const report = (error: unknown, text: string) => log.warn({ error: error instanceof Error ? error.message : String(error) }, text);

  const look = async (): Promise<void> => {
    if (!goesOn()) return;
    if (performance.now() - sweptAt >= lookEveryMs * looksBetween) {
      await settleLost(pool, await givenUp(pool, { process, calling }));
      sweptAt = performance.now();
    }
    const room = mostLines - underway.size;
    if (room <= 0) return;
    for (const line of await takeKeptLines(pool, { owner: process, limit: room, busy: [...underway.keys()] })) {
      const delivering = deliverLine({ ...options, calling }, line, goesOn)
        .catch((error: unknown) => report(error, 'Calls that are kept could not be delivered; trying again'))
        .finally(() => underway.delete(line));
      underway.set(line, delivering);
    }
  };
  const again = (): void => {
    if (!isStopped) timer = setTimeout(round, lookEveryMs);
  };
  const round = (): void => {
    looking = look()
      .catch((error: unknown) => report(error, 'Calls that are kept could not be read; trying again'))
      .finally(again);
  };
  again();
  return {
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await looking;
      await Promise.all(underway.values());
    },
  };
}

/** In order, until there is nothing, or nothing more can go now. */
async function deliverLine(options: Delivering, line: ProviderName, goesOn: () => boolean): Promise<void> {
  const { pool, process } = options;
  let inMs = 1_000;
  try {
    await ensureProvider(pool, providerNamed(line.workspaceId, line.key));
    for (;;) {
      inMs = 0;
      if (!goesOn()) break;
      const call = await firstKeptCall(pool, line);
      inMs = call ? 1_000 : blockedMs;
      if (!call) {
        await tellOfHeldUp(pool, line);
        break;
      }
      const next = await deliverOne(options, call);
      inMs = next.restMs;
      if (next.state === 'rest') break;
      if (next.state === 'delivered') await clearKeptFailures(pool, line);
    }
  } finally {
    await leaveKeptLine(pool, { ...line, owner: process, inMs });
  }
}

/** Attempts of this process that it is not at any more: their end could not be written. What is begun is noted before it is written, so the order here matters. */
async function givenUp(
  pool: Pool,
  { process, calling }: { process: string; calling: ReadonlySet<string> },
): Promise<{ id: string; attempt: number }[]> {
  const written = await listKeptUnderWay(pool, process);
  return written.filter(({ id }) => !calling.has(id));
}

async function settleLost(pool: Pool, given: readonly { id: string; attempt: number }[]): Promise<void> {
  const cause = new HoldfastError('upstream.ambiguous', {
    detail: 'The call was under way when its process stopped. It may have been carried out.',
    hint: 'Look there whether it happened. Then say that it arrived, or have it sent again.',
  });
  for (const lost of await settleLostKept(pool, { ...toProblem(cause) }, given))
    if (!lost.isRepeatable) await tellOfStopped(pool, lost, cause);
  const restored = new HoldfastError('upstream.ambiguous', {
    detail: 'The call came back from a backup. It may have been delivered since that was made.',
    hint: 'Look there whether it happened. Then say that it arrived, or have it sent again.',
  });
  for (const call of await stopRestoredKept(pool, { ...toProblem(restored) })) await tellOfStopped(pool, call, restored);
}
