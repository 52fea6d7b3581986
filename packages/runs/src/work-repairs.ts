import { say } from '@holdfast/errors';
import {
  findOverride,
  insertAudit,
  insertOverride,
  isAmbiguousRun,
  journalAfter,
  latestRepaired,
  listOpenRepairs,
  listRepairRuns,
  loadRepair,
  loadRun,
  moveRepair,
  newId,
  notifyLive,
  saveRepairRun,
  takeRepair,
  transaction,
  type PoolClient,
  type Repair,
  type RepairRun,
} from '@holdfast/db';
import { fold, type StepState } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import { loadPlan } from './load-plan.ts';
import { editOf, type RepairAct } from './repair-act.ts';
import { leftAlone, outcomeOf, type RepairOutcome } from './repair-outcome.ts';
import { ambiguousCodes } from './repairs.ts';
import { repeat } from './repeat.ts';

/** Runs that are begun and not through at the same time: their providers have customers too. */
const maxUnderway = 8;
/** A run that is tried for longer (its provider asks us to wait) leaves its place to the next. */
const holdsPlaceMs = 60_000;
/** So many in a row failed again: the repair repairs nothing, and stops by itself. */
const failsInRow = 20;

/** Works on every repair that is not over, for a moment. Any number of processes may do so at once. */
export async function workRepairs(deps: RunsDeps): Promise<void> {
  for (const id of await listOpenRepairs(deps.pool)) {
    await settleAsked(deps, id);
    while (await askNext(deps, id));
  }
}

/** Looks twice a second. */
export const startRepairs = (deps: RunsDeps): { stop: () => Promise<void> } =>
  repeat(500, () =>
    workRepairs(deps).catch((error: unknown) =>
      deps.log.warn({ error: String(error) }, 'Repairs could not be worked on and will be again'),
    ),
  );

// as: written by beginRepair.
const actOf = (repair: Repair): RepairAct => repair.act as unknown as RepairAct;

/** Looks what became of the runs that were begun, and whether the repair is over. */
async function settleAsked(deps: RunsDeps, id: string): Promise<void> {
  const told = await transaction(deps.pool, async (client) => {
    const repair = await takeRepair(client, id);
    if (!repair) return null;
    const asked = await listRepairRuns(client, { repairId: id, state: 'asked', limit: 1_000 });
    let settled = 0;
    for (const item of asked) {
      const outcome = await settledAs(client, repair, item);
      if (!outcome) continue;
      await saveRepairRun(client, { repairId: id, runId: item.runId, ...outcome });
      settled++;
    }
    const isMoved = await moveOn(client, repair, asked.length - settled);
    if (isMoved) await noteEnd(client, repair);
    return settled > 0 || isMoved ? repair.workspaceId : null;
  });
  if (told !== null) notifyLive(deps.pool, told, { kind: 'repair', repair: id });
}

async function settledAs(client: PoolClient, repair: Repair, item: RepairRun): Promise<RepairOutcome | null> {
  const act = actOf(repair);
  return outcomeOf({
    action: act.kind,
    override: item.overrideId === null ? null : await findOverride(client, item.overrideId),
    entries: act.kind === 'retry' ? await journalAfter(client, item.runId, item.since ?? 0) : [],
  });
}

/** What came of it, once it is over. */
async function noteEnd(client: PoolClient, { id, workspaceId, byUserId, byName }: Repair): Promise<void> {
  const after = await loadRepair(client, { workspaceId, id });
  if (!after?.endedAt) return;
  const detail = { state: after.state, ...after.counts, stoppedBy: after.stoppedBy };
  await insertAudit(client, { workspaceId, actorId: byUserId, actorName: byName, action: 'runs.repair-ended', subject: id, detail });
}

async function moveOn(client: PoolClient, repair: Repair, underway: number): Promise<boolean> {
  const { id, workspaceId, state } = repair;
  if (state === 'running') {
    const latest = await latestRepaired(client, { repairId: id, limit: failsInRow });
    if (latest.length === failsInRow && latest.every((each) => each === 'failed'))
      return moveRepair(client, { workspaceId, id, from: [state], to: 'stopping' });
  }
  if (underway > 0) return false;
  if (state === 'stopping') return moveRepair(client, { workspaceId, id, from: [state], to: 'stopped' });
  const [left] = await listRepairRuns(client, { repairId: id, state: 'planned', limit: 1 });
  if (!left) return moveRepair(client, { workspaceId, id, from: [state], to: 'done' });
  const isTried = state === 'trying' && (await latestRepaired(client, { repairId: id, limit: 1 })).length > 0;
  return isTried && moveRepair(client, { workspaceId, id, from: [state], to: 'tried' });
}

/** Begins one more run, alone in its transaction, so that a stop comes between two. False: there is no room, or none is left. */
async function askNext(deps: RunsDeps, id: string): Promise<boolean> {
  const asked = await transaction(deps.pool, async (client) => {
    const repair = await takeRepair(client, id);
    if (!repair || repair.state === 'stopping') return null;
    const underway = await listRepairRuns(client, { repairId: id, state: 'asked', limit: 1_000 });
    const places = repair.state === 'trying' ? 1 : maxUnderway;
    const taken = underway.filter((item) => repair.state === 'trying' || (item.askedMs ?? 0) < holdsPlaceMs);
    if (taken.length >= places) return null;
    if (repair.state === 'trying' && (await latestRepaired(client, { repairId: id, limit: 1 })).length > 0) return null;
    const [next] = await listRepairRuns(client, { repairId: id, state: 'planned', limit: 1 });
    if (!next) return null;
    return { runId: next.runId, isAsked: await askRun(deps, client, { repair, runId: next.runId }) };
  });
  if (asked?.isAsked) deps.bell.doorbell(asked.runId);
  return asked !== null;
}

/** The override and the note that it was asked for are one commit: neither is lost, neither comes twice. */
async function askRun(deps: RunsDeps, client: PoolClient, { repair, runId }: { repair: Repair; runId: string }): Promise<boolean> {
  const asking = await whatToAsk(deps, client, { repair, runId });
  if ('state' in asking) {
    await saveRepairRun(client, { repairId: repair.id, runId, ...asking });
    return false;
  }
  const { action, args, since } = asking;
  const overrideId = newId('override');
  const isOpen = await insertOverride(client, {
    id: overrideId,
    workspaceId: repair.workspaceId,
    runId,
    action,
    args,
    byUserId: repair.byUserId,
    byName: repair.byName,
  });
  if (!isOpen) {
    await saveRepairRun(client, { repairId: repair.id, runId, ...leftAlone(null, 'The run had ended.') });
    return false;
  }
  await saveRepairRun(client, { repairId: repair.id, runId, state: 'asked', overrideId, since });
  await insertAudit(client, {
    workspaceId: repair.workspaceId,
    actorId: repair.byUserId,
    actorName: repair.byName,
    action: `run.${action}`,
    subject: runId,
    detail: { ...args, repair: repair.id },
  });
  return true;
}

interface Asking {
  action: 'retry' | 'resume' | 'skip' | 'end';
  args: JsonObject;
  since: number;
}

/** What is to be asked of a run as it stands now; or why it is left alone. */
async function whatToAsk(
  deps: RunsDeps,
  client: PoolClient,
  { repair, runId }: { repair: Repair; runId: string },
): Promise<Asking | RepairOutcome> {
  const run = await loadRun(client, runId);
  if (run?.status !== 'attention' || (run.overrides ?? []).length > 0) return leftAlone(null);
  const act = actOf(repair);
  const plan = await loadPlan(client, deps.catalog, run);
  const state = fold(plan, run.entries);
  const failed = state.open.flatMap((step) => state.steps.get(step) ?? []).find((step) => isMeant(step, repair));
  const common = { since: run.entries.length };
  const note: JsonObject = repair.note === null ? {} : { note: repair.note };
  if (!failed?.failure) {
    const hasFailed = state.open.some((step) => state.steps.get(step)?.status === 'failed');
    if (hasFailed || act.kind === 'skip' || state.status !== 'attention') return leftAlone(null);
    return { ...common, action: act.kind === 'end' ? 'end' : 'resume', args: note };
  }
  const about: JsonObject = { ...note, failedAt: failed.failure.at };
  if (act.kind === 'end') return { ...common, action: 'end', args: about };
  if (act.kind === 'skip')
    return { ...common, action: 'skip', args: { ...about, node: failed.node, port: act.port, output: act.output ?? null } };
  if (!act.ambiguous && (await isAmbiguousRun(client, { runId, ambiguousCodes })))
    return leftAlone(null, 'Nobody knows whether its call was carried out, so it was not made again.');
  const edited = act.edit ? editOf(state, run.triggerNodeId, act.edit) : null;
  if (act.edit && !edited) return leftAlone(null, say`Its value of ${act.edit.field} is another one, so it was left alone.`);
  return { ...common, action: 'retry', args: { ...about, node: failed.node, ...(edited ? { data: edited.data } : {}) } };
}

const isMeant = (step: StepState, { about }: Repair): boolean =>
  step.status === 'failed' &&
  step.failure?.problem.code === about['code'] &&
  (typeof about['node'] !== 'string' || step.node === about['node']);
