import {
  endRun,
  handOverRun,
  lockConversation,
  notifyLive,
  releaseConversation,
  saveRunStanding,
  transaction,
  wakeConversation,
  type Append,
  type Queryable,
  type RunStanding,
} from '@holdfast/db';
import { HoldfastError, say, toProblem } from '@holdfast/errors';
import { advance, type RunState, type StepState } from '@holdfast/graph';
import { isJsonObject, parseDuration, type JsonObject, type JsonValue, type RetryPolicy } from '@holdfast/node-kit';
import { announceAttention } from './announce.ts';
import { handOverCause, type CutShort } from './hand-over-cause.ts';
import { isPutOff } from './put-off.ts';
import { now, planEffect } from './run-attempt.ts';
import type { RunSession } from './run-session.ts';
import { standingOf } from './run-standing.ts';
import type { StretchEffect, StretchResult } from './stretch.ts';

/** Writes where the run stands or that it has ended, and says what is left for others; in the express lane all that is left is handed over. */
export async function finishStretch(session: RunSession, inFlight: ReadonlySet<string>, cutShort: CutShort): Promise<StretchResult> {
  const { journal } = session;
  const next = advance(journal.plan, journal.state);
  const bound = next.isOverBound && journal.state.status === 'running' ? overBound(session) : null;
  if (next.isDone && journal.state.status !== 'ended')
    journal.add({ kind: 'run-ended', at: now(), outcome: 'done', result: resultOf(session) });
  if (journal.state.ended) {
    await end(session);
    return { status: 'ended', effects: [], wakeInMs: null };
  }
  const standing = standingOf(journal.plan, journal.state, bound);
  await stand(session, standing, cutShort);
  return { status: 'open', effects: effectsFor(session, inFlight), wakeInMs: wakeIn(standing) };
}

function overBound(session: RunSession): JsonObject {
  const problem = toProblem(
    new HoldfastError('flow.too-many-steps', {
      detail: say`The run executed ${session.journal.state.executed} steps, which is its flow's limit.`,
      hint: 'Look whether the drawing goes round in a circle. "Resume" lets it go on for as many steps again.',
    }),
  );
  session.journal.add({ kind: 'attention', at: now(), problem });
  return { ...problem };
}

/** The run's result is what its last end rendered. */
function resultOf({ journal }: RunSession): JsonValue {
  const ends = [...journal.state.steps.values()].filter((step) => step.status === 'ended' && journal.plan.node(step.node).type === 'end');
  return ends.at(-1)?.output ?? null;
}

async function end(session: RunSession): Promise<void> {
  const { deps, journal, run } = session;
  const ended = journal.state.ended;
  if (!ended) return;
  await deps.crashPoint?.('ending');
  const tooLate = { ...toProblem(new HoldfastError('run.ended', { detail: 'The run ended before this could be done.' })) };
  const outcome = { outcome: ended.outcome, result: ended.result ?? null, tooLate };
  const isPending = await underConversation(session, (db, append) => endRun(db, append, outcome), { isEnd: true });
  await deps.crashPoint?.('ended');
  notifyLive(deps.pool, run.workspaceId, { kind: 'run', run: run.id, flow: run.flowId, status: 'ended' });
  if (run.source === 'webhook') deps.bell.ended(run.id, { outcome: ended.outcome, result: ended.result ?? null });
  if (isPending && run.conversationId) deps.bell.conversation(run.conversationId, 0);
}

/** HANDOVER, where the run is in the express lane, is the same statement: it stands and is due to be started, or neither. */
async function stand(session: RunSession, standing: RunStanding, cutShort: CutShort): Promise<void> {
  const { deps, run, journal, express } = session;
  const save = express ? handOverRun : saveRunStanding;
  const cause = express ? handOverCause(journal.state, standing, cutShort) : null;
  if (cause) {
    journal.add({ kind: 'handed-over', at: now(), cause });
    await deps.crashPoint?.('handing-over');
  }
  const isNews = standing.status === 'attention' && run.status !== 'attention';
  const isPending = await underConversation(
    session,
    async (db, append) => {
      const isSaved = await save(db, append, standing);
      if (isSaved && isNews)
        await announceAttention(db, { workspaceId: run.workspaceId, runId: run.id, flowName: run.flowName, ...told(standing.cause) });
      return isSaved;
    },
    { isTransaction: isNews },
  );
  if (cause) {
    await deps.crashPoint?.('handed-over');
    deps.handOvers?.add(cause);
    deps.bell.run(run.id);
  }
  notifyLive(deps.pool, run.workspaceId, { kind: 'run', run: run.id, flow: run.flowId, status: standing.status });
  if (isPending && standing.status !== 'running' && run.conversationId) deps.bell.conversation(run.conversationId, 0);
}

function told(cause: JsonValue): { nodeName: string; title: string; detail: string } {
  const facts = isJsonObject(cause) ? cause : {};
  const text = (name: string): string => (typeof facts[name] === 'string' ? facts[name] : '');
  return { nodeName: text('nodeName'), title: text('title'), detail: text('detail') };
}

type Write = (db: Queryable, append: Append) => Promise<boolean>;

/** Under the conversation's lock, since a message that came meanwhile looked at the old state. Answers whether any waits to be claimed. */
function underConversation(
  session: RunSession,
  write: Write,
  { isEnd = false, isTransaction = false }: { isEnd?: boolean; isTransaction?: boolean },
): Promise<boolean> {
  const { deps, journal, run } = session;
  const conversationId = run.conversationId;
  if (!conversationId && !isTransaction)
    return journal.commit(async (append) => ((await write(deps.pool, append)) ? { isHeld: true, value: false } : { isHeld: false }));
  return journal.commit((append) =>
    transaction(deps.pool, async (client) => {
      if (conversationId) await lockConversation(client, conversationId);
      if (!(await write(client, append))) return { isHeld: false };
      if (!conversationId) return { isHeld: true, value: false };
      const isPending = isEnd ? await releaseConversation(client, conversationId, run.id) : await wakeConversation(client, conversationId);
      return { isHeld: true, value: isPending };
    }),
  );
}

/** Steps for activities of their own: slow ones, failed ones, and those that already have one. */
function effectsFor(session: RunSession, inFlight: ReadonlySet<string>): StretchEffect[] {
  const { plan, state } = session.journal;
  const isStill = state.status === 'paused';
  return state.open.flatMap((id) => {
    const step = state.steps.get(id);
    if (!step || plan.node(step.node).definition.kind !== 'effect') return [];
    if (!(step.status === 'ready' || step.status === 'running' || step.status === 'retrying')) return [];
    if (inFlight.has(id)) return [effectOf(session, step)];
    if (isStill || isOverBoundFor(session, step.status, state)) return [];
    return isForActivity(session, step) ? [effectOf(session, step)] : [];
  });
}

const isOverBoundFor = ({ journal }: RunSession, status: StepState['status'], state: RunState): boolean =>
  status === 'ready' && state.executed >= journal.plan.file.settings.maxSteps;

function isForActivity({ journal }: RunSession, step: StepState): boolean {
  const { definition } = journal.plan.node(step.node);
  const isSlow = definition.kind === 'effect' && definition.pace === 'slow';
  if (isPutOff(step)) return isSlow && step.failure?.retryAt !== undefined;
  return isSlow || step.status === 'retrying';
}

const cautious: RetryPolicy = { maxAttempts: 1, firstDelay: '1s', factor: 2, maxDelay: '1m' };

function effectOf(session: RunSession, step: StepState): StretchEffect {
  const plan = planned(session, step);
  const retryAt = step.failure?.retryAt;
  return {
    stepId: step.step,
    startInMs: retryAt ? Math.max(0, Date.parse(retryAt) - Date.now()) : 0,
    // An attempt that its process takes along is begun again under the same number, so Temporal may need a few more than the policy has.
    maximumAttempts: Math.max(1, plan.policy.maxAttempts - plan.done) + 3,
    initialIntervalMs: parseDuration(plan.policy.firstDelay),
    backoff: Math.max(1, plan.policy.factor),
    maximumIntervalMs: Math.max(parseDuration(plan.policy.maxDelay), parseDuration(plan.policy.firstDelay)),
    timeoutMs: plan.timeoutMs,
  };
}

/** A config that can't be made any more fails in the attempt, where it is told to people. */
function planned(session: RunSession, step: StepState): { policy: RetryPolicy; timeoutMs: number; done: number } {
  try {
    return planEffect(session, step);
  } catch {
    return { policy: cautious, timeoutMs: 10_000, done: 0 };
  }
}

const wakeIn = ({ wakeAt }: RunStanding): number | null => (wakeAt ? Math.max(50, wakeAt.getTime() - Date.now()) : null);
