import { dispatchKept, failsAlone, isKeptHeld, noteKeptOut, putBackKept, type KeptStep } from '@holdfast/db';
import { asHoldfastError, type ErrorCode, HoldfastError, say } from '@holdfast/errors';
import type { Delivering } from './deliver-kept.ts';
import { insist } from './insist.ts';
import {
  delivered,
  failed,
  maxDispatchMs,
  problemOf,
  rest,
  stop,
  tellWhenOld,
  triesAlone,
  type AfterOne,
  type Dispatched,
  type Kept,
} from './settle-kept.ts';

/** A kept step in the hands of whoever carries it out. */
export interface StepToCarryOut {
  workspaceId: string;
  /** What it was in its run: what its calls are known again by. */
  stepId: string;
  step: KeptStep;
  since: Date;
  /**
   * Around each call that must not happen twice: written down before its first byte. Throws `NotNow` when it may not be made; answers what to do when it turns out that
   * nothing was done.
   */
  goesOut: () => Promise<() => void>;
  /** Before each other call that changes something: late, it could undo what came after. Throws `NotNow` when another process may be at it. */
  goesOn: () => Promise<void>;
}

/** `unhappy`: it came out by an exit of which a person must hear. */
export type CarriedOut = { state: 'done' } | { state: 'unhappy'; said: string };
/** Throws what its runner throws, and `NotNow`. */
export type CarryOut = (given: StepToCarryOut) => Promise<CarriedOut>;

/** Nothing was done, and no try is counted. */
export class NotNow extends Error {
  readonly error: HoldfastError;
  readonly forMs: number;
  constructor(error: HoldfastError, forMs: number) {
    super(error.message);
    this.error = error;
    this.forMs = forMs;
  }
}

/**
 * A whole step, by its own runner: written down as under way before it begins. While none of its calls that must not happen twice is out, it is simply begun again,
 * as the step would be in its run.
 */
export async function deliverStep(options: Delivering, call: Kept, step: KeptStep): Promise<AfterOne> {
  const { pool, process: owner } = options;
  const isAlone = call.attempts + 1 >= triesAlone && (await failsAlone(pool, call.id));
  options.calling.add(call.id);
  try {
    const attempt = await dispatchKept(pool, { id: call.id, owner });
    // Discarded meanwhile, or this process delivers here no more.
    if (attempt === null) return rest(250);
    await options.crashPoint?.('kept-dispatched');
    return await carry(options, call, { step, isAlone, dispatched: { id: call.id, owner, attempt } });
  } finally {
    options.calling.delete(call.id);
  }
}

interface Begun {
  step: KeptStep;
  isAlone: boolean;
  dispatched: Dispatched;
}

async function carry(options: Delivering, call: Kept, { step, isAlone, dispatched }: Begun): Promise<AfterOne> {
  const out = { count: 0 };
  const goesOut = () => noteOut(options, dispatched, out);
  const goesOn = async () => {
    if (!(await isKeptHeld(options.pool, dispatched)) || !options.isAlive()) throw superseded();
  };
  const { workspaceId, stepId, keptAt: since } = call;
  let carried: CarriedOut;
  try {
    carried = await options.carryOut({ workspaceId, stepId, step, since, goesOut, goesOn });
  } catch (thrown) {
    const error = thrown instanceof NotNow ? thrown.error : asHoldfastError(thrown, 'step.crashed');
    const isUncounted = out.count === 0 && (thrown instanceof NotNow || isOurs(error));
    if (isUncounted) return notNow(options, call, { ...dispatched, error, forMs: thrown instanceof NotNow ? thrown.forMs : oursMs });
    return failed(options, call, { ...dispatched, error: out.count > 0 ? orAmbiguous(error) : error, isAlone: async () => isAlone });
  }
  await options.crashPoint?.('kept-answered');
  if (carried.state === 'done') return delivered(options, { ...dispatched, status: null });
  const error = new HoldfastError('upstream.refused', {
    detail: carried.said,
    hint: 'Put right what it refuses and have it sent again, or discard it.',
  });
  return stop(options, call, { ...dispatched, error, status: null });
}

/** Later than this, or in a process that may have been replaced, nothing goes out any more. */
async function noteOut(options: Delivering, dispatched: Dispatched, out: { count: number }): Promise<() => void> {
  const decidedAt = performance.now();
  if (!(await noteKeptOut(options.pool, dispatched))) throw superseded();
  await options.crashPoint?.('kept-going-out');
  if (performance.now() - decidedAt > maxDispatchMs || !options.isAlive()) throw superseded();
  out.count += 1;
  return () => void (out.count -= 1);
}

const superseded = () => new NotNow(new HoldfastError('run.superseded', { detail: 'Another process may be at it.' }), 250);

/** It waits for its provider, for our own database, or for people who put its connection right: all behind it do, too. */
async function notNow(
  options: Delivering,
  call: Kept,
  { error, forMs, ...dispatched }: Dispatched & { error: HoldfastError; forMs: number },
): Promise<AfterOne> {
  const problem = error.code === 'run.superseded' ? null : problemOf(error);
  await insist(() => putBackKept(options.pool, { ...dispatched, problem, isUncounted: true }));
  if (isOurs(error)) await tellWhenOld(options, call, error);
  return rest(forMs);
}

const oursMs = 60_000;
const ours: ReadonlySet<ErrorCode> = new Set(['database.unavailable', 'credential.attention', 'credential.missing', 'credential.host']);
const isOurs = ({ code }: HoldfastError): boolean => ours.has(code);

/** After a call that must not happen twice, and of which nobody knows that nothing was done, it is not begun again. */
function orAmbiguous(error: HoldfastError): HoldfastError {
  if (error.meaning.retry !== 'later') return error;
  return new HoldfastError('upstream.ambiguous', {
    detail: say`It ended after a call that may have been carried out. ${error.words.detail}`,
    hint: 'Look there whether it happened. Then say that it arrived, or have it sent again.',
    cause: error,
  });
}
