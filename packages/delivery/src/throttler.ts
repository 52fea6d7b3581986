import { setTimeout as wait } from 'node:timers/promises';
import { takePlaceInLine, takeTurn, type DayLimit, type Pace, type Pool, type SendTarget } from '@holdfast/db';
import { recipientOf } from '@holdfast/channels';
import { HoldfastError } from '@holdfast/errors';
import type { SendLimits } from '@holdfast/node-kit';

/**
 * `people`: what a person wrote. `reply`: the bot answers or goes on in a talk. `bulk`: a flow writes first. Replies and people reserve their slots up to 2 s
 * ahead; bulk at most five slots, so that it never keeps anybody waiting who is owed an answer.
 */
export type Priority = 'people' | 'reply' | 'bulk';

const bulkSlots = 5;
// Who stands in line is called a little before the place is free: a slot that nobody is there for is lost.
const calledEarly = 0.75;
// What leaves evenly arrives a little less so: a slot is given 20 % more than its share of the second, of which `keepsMs` is ours to be late, the rest the network's and a busy machine's.
const spread = 1.2;
const keepsMs = 30;

export interface Turns {
  target: SendTarget;
  limits: SendLimits;
  priority: Priority;
  dayLimits: readonly DayLimit[];
  /** Further gates, as for the same words to many people. */
  gates?: readonly Pace[];
}

/** Once granted, what a chat, a gate or a day may take has been taken; the account's slots of one process are as good as each other. */
export interface Slot {
  account: Pace;
  /** In milliseconds of this process's monotonic clock. */
  at: number;
}

export const accountPace = ({ channelId }: Pick<SendTarget, 'channelId'>, { perSecond }: SendLimits): Pace => ({
  key: channelId,
  everyMs: (1_000 / perSecond) * spread,
  burst: 1,
});

/** Of one recipient, or one group. */
export function chatPace({ channelId, address, isGroup }: Pick<SendTarget, 'channelId' | 'address' | 'isGroup'>, limits: SendLimits): Pace {
  // All threads of one mailbox together.
  const key = `${channelId}/${recipientOf(address)}`;
  if (!isGroup) return { key, everyMs: limits.chatEverySeconds * 1_000, burst: limits.chatBurst };
  const burst = Math.max(1, Math.min(limits.groupBurst, Math.floor(limits.groupPerMinute / 2)));
  // A burst and what trickles after it stay within the minute together.
  return { key, everyMs: 60_000 / Math.max(0.1, limits.groupPerMinute - burst), burst };
}

/** The limits per day: of the account, and of the people whom it writes to first. */
export const dayKey = ({ channelId }: Pick<SendTarget, 'channelId'>): string => `${channelId}/~day`;
export const peopleKey = ({ channelId }: Pick<SendTarget, 'channelId'>): string => `${channelId}/~people`;

export type Waited = { state: 'turn'; slot: Slot } | { state: 'later'; inMs: number } | { state: 'capped'; key: string };

interface Waiting {
  /** 2 s when left out. */
  maxWaitMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A slot for this send, at most `maxWaitMs` ahead. Nothing is dropped: who doesn't get one is told when to come again. The slot is to be kept to by `keepTurn`.
 */
export async function waitForTurn(pool: Pool, turns: Turns, { maxWaitMs = 2_000, signal }: Waiting): Promise<Waited> {
  await (clockIsKnown ??= learnClock(pool).catch((error: unknown) => {
    clockIsKnown = null;
    throw error;
  }));
  const account = accountPace(turns.target, turns.limits);
  const paces = [account, chatPace(turns.target, turns.limits), ...(turns.gates ?? [])];
  const until = performance.now() + (turns.priority === 'bulk' ? Math.min(maxWaitMs, bulkSlots * account.everyMs) : maxWaitMs);
  for (;;) {
    const left = until - performance.now();
    const turn = await takeTurn(pool, { paces, dayLimits: turns.dayLimits, maxWaitMs: Math.max(0, left) });
    if (turn.capped !== null) return { state: 'capped', key: turn.capped };
    if (turn.isTaken) {
      const at = localTime(turn.askedAtMs) + turn.waitMs;
      grant(account.key, at);
      return { state: 'turn', slot: { account, at } };
    }
    if (turn.waitMs > left) return later(pool, turns, account, turn);
    await sleepUntil(performance.now() + turn.waitMs + 1, signal);
  }
}

/** How long before its slot a send makes itself ready: what that took lately, and half as much again. */
let readyMs = 20;
export const readyBefore = (at: number): number => at - Math.min(500, readyMs * 1.5);
export const tookToReady = (ms: number): void => void (readyMs += (ms - readyMs) / 8);

// Slots that this process was granted and has not used, by account and in order. Who is ready first takes the next one: one that is held up costs no slot.
const granted = new Map<string, number[]>();
function grant(key: string, at: number): void {
  granted.set(
    key,
    [...(granted.get(key) ?? []), at].sort((a, b) => a - b),
  );
}

/** The next slot that can still be kept to; those that passed are dropped. */
function nextGranted(key: string, until: number): number | null {
  const left = (granted.get(key) ?? []).filter((at) => performance.now() - at <= keepsMs);
  const [next, ...others] = left;
  const isInTime = next !== undefined && next <= until;
  const kept = isInTime ? others : left;
  if (kept.length === 0) granted.delete(key);
  else granted.set(key, kept);
  return isInTime ? next : null;
}

/**
 * Waits for the moment of the process's next slot. A process that stood still must not pour out what it had slots for: a slot that passed is given up for a new
 * one. False: no new one within `maxWaitMs`.
 */
export async function keepTurn(pool: Pool, { account }: Slot, { maxWaitMs = 2_000 }: Waiting): Promise<boolean> {
  const until = performance.now() + maxWaitMs;
  for (;;) {
    const at = nextGranted(account.key, until);
    if (at !== null) {
      await sleepUntil(at);
      if (performance.now() - at <= keepsMs) return true;
      continue;
    }
    const left = until - performance.now();
    if (left <= 0) return false;
    const again = await takeTurn(pool, { paces: [account], dayLimits: [], maxWaitMs: left });
    if (!again.isTaken) return false;
    grant(account.key, localTime(again.askedAtMs) + again.waitMs);
  }
}

export async function sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
  // A timer may fire a fraction early.
  for (let left = at - performance.now(); left > 0; left = at - performance.now())
    await wait(Math.ceil(left), undefined, signal ? { signal } : {}).catch(() => {
      throw new HoldfastError('step.timeout', { detail: 'The step was ended while its message waited for its turn. Nothing was sent.' });
    });
}

/** So much an early answer may be wrong about the clock: half a slot of the fastest channels. */
const clockErrorMs = 15;
const clockTries = 10;
let clockIsKnown: Promise<void> | null = null;

/** Before the first slot: a process that was held up while its first answers came would place its slots too late, and those of its next answers among them. */
async function learnClock(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (let tries = 0; tries < clockTries; tries++) {
      const askedAt = performance.now();
      const { rows } = await client.query<{ ms: number }>('select (1000 * extract(epoch from clock_timestamp()))::float8 as ms');
      const tookMs = performance.now() - askedAt;
      localTime(rows[0]?.ms ?? 0);
      if (tookMs <= clockErrorMs) return;
    }
  } finally {
    client.release();
  }
}

// How far the database's clock is ahead of our monotonic one. Each answer shows it less by its own way back, so the largest of the last ones is right.
const sightings: number[] = [];
const sightingsKept = 64;
function localTime(databaseMs: number): number {
  sightings.push(databaseMs - performance.now());
  if (sightings.length > sightingsKept) sightings.shift();
  return databaseMs - Math.max(...sightings);
}

/** Where the account is busy, all that are put off stand in line; whoever waits for one chat alone comes again at its time. */
async function later(
  pool: Pool,
  { priority }: Turns,
  { key, everyMs }: Pace,
  { waitMs, isGated }: { waitMs: number; isGated: boolean },
): Promise<Waited> {
  const afterMs = Math.max(1, waitMs);
  if (isGated) return { state: 'later', inMs: Math.ceil(afterMs) };
  const line = `${key}/~${priority === 'bulk' ? 'bulk' : 'line'}`;
  return { state: 'later', inMs: Math.ceil(await takePlaceInLine(pool, { key: line, everyMs: everyMs * calledEarly, afterMs })) };
}
