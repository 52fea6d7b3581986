import type { RunStanding } from '@holdfast/db';
import { advance, type Plan, type RunState, type StepState } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import { asJson } from './errors.ts';
import { isHeldCall, isPutOff } from './put-off.ts';

/** What outsiders see of a run between two stretches. Pure. */
export function standingOf(plan: Plan, state: RunState, problem: JsonObject | null): RunStanding {
  const next = advance(plan, state);
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []);
  const putOff = open.filter((step) => step.status === 'retrying' && isPutOff(step));
  const isMoving = open.some(
    (step) => (step.status === 'retrying' || step.status === 'running' || step.status === 'ready') && !isPutOff(step),
  );
  const waitsFor = waitingFor(next.waiting, putOff);
  // A handoff that a person holds outlives its deadline, which must not ring in a circle.
  const deadlines = next.waiting
    .filter((step) => !(step.wait?.waitFor === 'handoff' && isPast(step.wait.deadlineAt)))
    .flatMap((step) => step.wait?.deadlineAt ?? []);
  const looks = waitsFor === 'send' ? [] : putOff.flatMap(nextLook);
  const wakeAt =
    state.status === 'paused' ? null : earliest([...deadlines, ...putOff.flatMap((step) => step.failure?.retryAt ?? []), ...looks]);
  const [failed] = next.failed;
  return {
    status: statusOf(state, next.waiting, { isFailed: failed !== undefined, isMoving, isHeldBack: putOff.length > 0 }),
    waitingFor: waitsFor,
    wakeAt,
    cause: failed?.failure ? { ...asJson(failed.failure.problem), node: failed.node, nodeName: plan.node(failed.node).name } : problem,
  };
}

function statusOf(
  state: RunState,
  waiting: StepState[],
  { isFailed, isMoving, isHeldBack }: { isFailed: boolean; isMoving: boolean; isHeldBack: boolean },
): RunStanding['status'] {
  if (state.status === 'ended' || state.status === 'paused') return state.status;
  if (isFailed || state.status === 'attention') return 'attention';
  // A question stands even while another branch works: the customer's answer must reach it.
  if (waiting.some((step) => step.wait?.waitFor === 'reply')) return 'waiting';
  if (isMoving) return 'running';
  return waiting.length > 0 || isHeldBack ? 'waiting' : 'running';
}

/** `send`: something is to be sent, but not now; before what only time ends, so that its release is heard. `provider`: a call has its turn soon. */
function waitingFor(waiting: StepState[], putOff: readonly StepState[]): string | null {
  const heldBack = putOff.filter(
    ({ failure }) => failure?.retryAt === undefined || Date.parse(failure.retryAt) - Date.parse(failure.at) <= soonMs,
  );
  const kinds = new Set(waiting.map((step) => step.wait?.waitFor));
  const byPeople = (['reply', 'handoff'] as const).find((kind) => kinds.has(kind));
  if (byPeople) return byPeople;
  if (heldBack.length > 0) return heldBack.every(isHeldCall) ? 'provider' : 'send';
  // What is put off for longer (quiet hours, a day's limit) is like waiting for time: the customer is not kept silent until then.
  return (['event', 'timer'] as const).find((kind) => kinds.has(kind)) ?? (putOff.length > 0 ? 'timer' : null);
}

/** A send that is put off for no longer than this goes out before anything else in its conversation. */
const soonMs = 60_000;

const firstLookMs = 10_000;
const lastLookMs = 5 * 60_000;

/** A send without a time, beside a question: its release rings only for runs that wait for nothing else, so this one looks itself, less and less often. */
function nextLook({ failure }: StepState): string[] {
  if (!failure || failure.retryAt !== undefined) return [];
  const heldMs = Date.now() - Date.parse(failure.at);
  return [new Date(Date.now() + Math.min(lastLookMs, Math.max(firstLookMs, heldMs / 2))).toISOString()];
}

const isPast = (at: string | null): boolean => at !== null && Date.parse(at) <= Date.now();

function earliest(times: string[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => Date.parse(time))));
}
