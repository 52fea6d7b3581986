import {
  countBehindKept,
  countKeptFailure,
  endKept,
  holderOfLine,
  putBackKept,
  stopKept,
  type KeptCall,
  type Pool,
  type ProviderName,
} from '@holdfast/db';
import { toProblem, type ErrorCode, type HoldfastError } from '@holdfast/errors';
import type { Delivering } from './deliver-kept.ts';
import { insist } from './insist.ts';
import { tellOfBlocked, tellOfKept, tellOfWaiting } from './tell-people.ts';

/** What comes next in its line: the next one at once, or a pause. */
export interface AfterOne {
  state: 'delivered' | 'passed' | 'rest';
  restMs: number;
}

/** From the decision to the first byte: whoever took longer may have been replaced meanwhile. */
export const maxDispatchMs = 2_000;
/** So often a call fails before it is looked at whether it is alone with that. */
export const triesAlone = 5;
/** A line that fails is tried again after a second, then twice as long, up to this. */
const longestRestMs = 120_000;
/** Of what a person does, and resuming a provider, a line hears at once. */
const longestWaitMs = 300_000;
/** People hear of a line that has not moved for so long. */
const tellAfterMs = 15 * 60_000;
/** They hear again of one that stopped, and holds others up, when nobody has looked for so long. */
const tellAgainMs = 60 * 60_000;

/** A call or a step: what settling it needs of it. */
export type Kept = Omit<KeptCall, 'request'>;

export const next: AfterOne = { state: 'passed', restMs: 0 };
export const rest = (restMs: number): AfterOne => ({ state: 'rest', restMs: Math.min(longestWaitMs, Math.max(250, restMs)) });
export const problemOf = (error: HoldfastError) => ({ ...toProblem(error) });

/** One attempt of a kept call, by this process. */
export interface Dispatched {
  id: string;
  owner: string;
  attempt: number;
}

/** `status`: of the answer; a step has none. */
export async function delivered({ pool }: Delivering, call: Dispatched & { status: number | null }): Promise<AfterOne> {
  await insist(() => endKept(pool, call));
  return { state: 'delivered', restMs: 0 };
}

/** What it is worth trying again waits, with all behind it; anything else is for a person, and the others go on. */
export async function failed(
  options: Delivering,
  call: Kept,
  { error, isAlone, ...dispatched }: Dispatched & { error: HoldfastError; isAlone: () => Promise<boolean> },
): Promise<AfterOne> {
  const { pool } = options;
  if (error.meaning.retry !== 'later') return stop(options, call, { ...dispatched, error, status: null });
  const isOnlyOne = isOurBug(error)
    ? dispatched.attempt >= triesAlone
    : isItsOwn(error) && dispatched.attempt >= triesAlone && (await isAlone());
  if (isOnlyOne) return stop(options, call, { ...dispatched, error, status: null });
  await insist(() => putBackKept(pool, { ...dispatched, problem: problemOf(error) }));
  const { failures } = await countKeptFailure(pool, call);
  await tellWhenOld(options, call, error);
  return rest(Math.max(error.retryAfterMs ?? 0, Math.min(longestRestMs, 1_000 * 2 ** (failures - 1))));
}

/** The provider was there. */
const own: ReadonlySet<ErrorCode> = new Set(['upstream.broken', 'upstream.timeout', 'step.timeout']);
const isItsOwn = ({ code }: HoldfastError): boolean => own.has(code);
/** No provider gets better by waiting for that. */
const isOurBug = ({ code }: HoldfastError): boolean => code === 'step.crashed' || code === 'internal';

export async function stop(
  { pool }: Delivering,
  call: Kept,
  { error, status, ...dispatched }: Dispatched & { error: HoldfastError; status: number | null },
): Promise<AfterOne> {
  if (await insist(() => stopKept(pool, { ...dispatched, problem: problemOf(error), status }))) await tellOfStopped(pool, call, error);
  return next;
}

export async function tellWhenOld({ pool }: Delivering, call: Kept, error: HoldfastError): Promise<void> {
  if (Date.now() - call.keptAt.getTime() <= tellAfterMs) return;
  const behind = await countBehindKept(pool, { ...call, isFirst: true }).catch(() => 0);
  await tellOfWaiting(pool, { ...call, behind, attempts: call.attempts + 1 }, error);
}

/** The one that stopped, and how many it holds up. */
export async function tellOfStopped(
  pool: Pool,
  call: Pick<Kept, 'id' | 'workspaceId' | 'key' | 'what'>,
  error: HoldfastError,
): Promise<void> {
  const behind = await countBehindKept(pool, { ...call, isFirst: false }).catch(() => 0);
  await tellOfKept(pool, { ...call, behind }, error);
}

/** Where nothing of a line can go any more: people hear of it again as long as nobody looks. */
export async function tellOfHeldUp(pool: Pool, line: ProviderName): Promise<void> {
  const holder = await holderOfLine(pool, line);
  if (!holder || holder.heldMs < tellAgainMs) return;
  const behind = await countBehindKept(pool, { ...line, id: holder.id, isFirst: false });
  await tellOfBlocked(pool, { ...line, what: holder.what, detail: holder.problem?.detail ?? '', behind });
}
