import { say } from '@holdfast/errors';
import { insertAlertOnce, newId, type DayLimit, type Pace, type Pool, type SendTarget } from '@holdfast/db';
import type { SendLimits } from '@holdfast/node-kit';
import type { DeliveryDeps } from './deps.ts';
import { isBulk } from './outgoing.ts';
import { isNewPerson, type SendContext, type Verdict } from './rules/rule.ts';
import { isSameText, sameTextEveryMs } from './rules/same-text.ts';
import { peopleADay } from './rules/warm-up.ts';
import { dayKey, keepTurn, peopleKey, tookToReady, waitForTurn, type Slot, type Turns } from './throttler.ts';

/** Until there may be room in a day's limit again: it is asked again, since both the window and the warm-up move. */
const cappedMs = 15 * 60_000;

/** A slot for an automated send (null: this channel has no limits), or why it has none now. */
export async function turnOfBot(
  pool: Pool,
  context: SendContext,
  given: { textHash: string | null; maxWaitMs?: number | undefined; signal?: AbortSignal | undefined },
): Promise<{ verdict: Verdict } | { slot: Slot | null }> {
  const { target, limits } = context;
  if (!limits) return { slot: null };
  const isSame = context.isFirst && given.textHash !== null && isBulk(target) && isSameText(context);
  const turns: Turns = {
    target,
    limits,
    priority: isBulk(target) ? 'bulk' : 'reply',
    dayLimits: dayLimitsOf(context, limits),
    gates: isSame ? [sameTextGate(target, given.textHash ?? '')] : [],
  };
  const waited = await waitForTurn(pool, turns, given);
  switch (waited.state) {
    case 'turn':
      if (isSame) await tellOfSameText(pool, target);
      return { slot: waited.slot };
    case 'capped':
      return { verdict: waited.key === dayKey(target) ? dayLimitReached(target, limits) : stillWarming(context) };
    case 'later':
      return { verdict: isSame ? slowedDown(target, waited.inMs) : tooFast(target, waited.inMs) };
  }
}

const tooFast = ({ name }: SendTarget, inMs: number): Verdict => ({
  state: 'later',
  inMs,
  code: 'upstream.limited',
  reason: say`The channel "${name}" sends at its highest pace.`,
});

const slowedDown = ({ sameTextPeople }: SendTarget, inMs: number): Verdict => ({
  state: 'later',
  inMs,
  code: 'send.same-text',
  reason: say`The same words went to ${sameTextPeople} people within an hour, so they go out slowly.`,
});

/** The account's limit per day; and for a message to somebody new, how many people a day it may write to first. */
function dayLimitsOf(context: SendContext, limits: SendLimits): DayLimit[] {
  const { target } = context;
  const people = isNewPerson(target) && !target.isGroup ? peopleADay(context) : null;
  return [
    ...(limits.perDay === null ? [] : [{ key: dayKey(target), most: limits.perDay, since: limits.day }]),
    ...(people === null ? [] : [{ key: peopleKey(target), most: people, since: 'rolling' }]),
  ];
}

const sameTextGate = ({ channelId }: SendTarget, hash: string): Pace => ({
  key: `${channelId}/~same/${hash}`,
  everyMs: sameTextEveryMs,
  burst: 1,
});

function tellOfSameText(pool: Pool, target: SendTarget): Promise<void> {
  return tellPeople(pool, target, {
    title: `The same words go to many people on "${target.name}"`,
    detail: `${target.sameTextPeople} people got the same message within an hour. It goes on slowly, one in ${sameTextEveryMs / 1_000} seconds. Say something that is about each person, or raise the limit of the channel.`,
  });
}

const dayLimitReached = (target: SendTarget, limits: SendLimits): Verdict => ({
  state: 'later',
  inMs: cappedMs,
  code: 'send.day-limit',
  reason: say`The channel "${target.name}" has sent the ${limits.perDay ?? 0} messages that it may send in a day; this one goes out when there is room.`,
  tell: `The channel "${target.name}" has sent the ${limits.perDay} messages that it may send in a day. What comes now waits.`,
});

const stillWarming = (context: SendContext): Verdict => ({
  state: 'later',
  inMs: cappedMs,
  code: 'send.warm-up',
  reason: say`The channel "${context.target.name}" writes first to ${peopleADay(context) ?? 0} people a day for now; this one goes out when there is room.`,
  tell: `The channel "${context.target.name}" has written to the ${peopleADay(context)} people whom it may write to first in a day. The number grows by itself; what comes now waits.`,
});

/** At most once an hour for the same. Nothing here may fail a send. */
export async function tellPeople(pool: Pool, target: SendTarget, { title, detail }: { title: string; detail: string }): Promise<void> {
  await insertAlertOnce(pool, {
    id: newId('alert'),
    workspaceId: target.workspaceId,
    event: 'channel.warning',
    subject: target.channelId,
    title,
    detail,
    link: `/channels/${target.channelId}`,
  }).catch(() => undefined);
}

/** Longer than this between tx1 and the first byte: somebody may have taken over, so nothing is sent. */
export const maxDispatchMs = 2_000;
/** What is left of so much of it goes to waiting for the slot. */
const keptForSlot = 0.75;

/** The last thing before the bytes. False: the slot passed and there was no other in time. `readySince`: when tx1 began. */
export async function keepSlot(
  deps: Pick<DeliveryDeps, 'pool' | 'maxDispatchMs'>,
  slot: Slot | null,
  readySince: number,
): Promise<boolean> {
  if (!slot) return true;
  const tookMs = performance.now() - readySince;
  tookToReady(tookMs);
  return keepTurn(deps.pool, slot, { maxWaitMs: Math.max(0, (deps.maxDispatchMs ?? maxDispatchMs) * keptForSlot - tookMs) });
}
