import {
  countCauses,
  insertAudit,
  insertRepair,
  listRunsOfCause,
  loadRepair,
  loadRun,
  moveRepair,
  newId,
  notifyLive,
  transaction,
  type AttentionCause,
} from '@holdfast/db';
import { codes, HoldfastError, say } from '@holdfast/errors';
import { fold } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import type { ByPerson } from './handoffs.ts';
import { loadPlan } from './load-plan.ts';
import { editOf, type RepairAct } from './repair-act.ts';
import { wellFormed } from './well-formed.ts';

/** Runs of one repair at most; what is beyond stays in its group for the next. */
export const maxRepaired = 10_000;
/** Runs that are looked into one by one before anything is done; of more than that, the first. */
export const maxChecked = 1_000;

/** Whoever tries these again may do something twice. */
export const ambiguousCodes: readonly string[] = Object.entries(codes).flatMap(([code, meaning]) =>
  meaning.retry === 'ambiguous' ? [code] : [],
);

export interface RepairRequest {
  /** As `countCauses` names it. */
  cause: string;
  act: RepairAct;
  note?: string | undefined;
  /** The first one alone; a person looks at what came of it. */
  tryFirst?: boolean | undefined;
}

/** The group that is meant, or resource.missing: it was dealt with. */
export async function causeNamed({ pool }: Pick<RunsDeps, 'pool'>, workspaceId: string, key: string): Promise<AttentionCause> {
  const [cause] = await countCauses(pool, { workspaceId, key });
  if (cause) return cause;
  throw new HoldfastError('resource.missing', {
    detail: 'No run stands still for this cause any more.',
    hint: 'Reload the page: somebody has dealt with them.',
  });
}

/** Writes down what is to be done to which runs; processes do it from there. Throws resource.missing, request.invalid and resource.conflict. */
export async function beginRepair(deps: RunsDeps, args: ByPerson & RepairRequest): Promise<{ id: string; count: number }> {
  const { workspaceId, act } = args;
  const cause = await causeNamed(deps, workspaceId, args.cause);
  refuseUnfitting(cause, act);
  const stopped = await listRunsOfCause(deps.pool, { workspaceId, cause: cause.key, ambiguousCodes, limit: maxRepaired });
  const runs = stopped.filter((run) => act.kind !== 'retry' || act.ambiguous || !run.isAmbiguous).map((run) => run.id);
  if (runs.length === 0)
    throw new HoldfastError('request.invalid', {
      detail: say`Nobody knows whether the calls of these ${stopped.length} runs were carried out, so they are not made again without your word.`,
      hint: 'Look at the service first. Then say that they may be made again, or skip the step.',
      path: 'act.ambiguous',
    });
  const fitting = await withFittingValue(deps, runs, act);
  const id = newId('repair');
  const stored = wellFormed(JSON.parse(JSON.stringify(act)) as JsonObject); // without absent fields
  await transaction(deps.pool, async (client) => {
    const isAlone = await insertRepair(client, {
      id,
      workspaceId,
      cause: cause.key,
      about: aboutOf(cause),
      act: stored,
      state: args.tryFirst ? 'trying' : 'running',
      note: args.note ?? null,
      byUserId: args.by.id,
      byName: args.by.name,
      runs: fitting,
    });
    if (!isAlone)
      throw new HoldfastError('resource.conflict', {
        detail: 'Somebody is repairing these runs already.',
        hint: 'Look how far that is, or stop it first.',
      });
    await auditOf(client, args, { action: 'runs.repair', subject: id, detail: { cause: cause.key, runs: fitting.length, act: stored } });
  });
  notifyLive(deps.pool, workspaceId, { kind: 'repair', repair: id });
  return { id, count: fitting.length };
}

/** Those whose value is the one to be replaced. Of very many, the rest is found out when its turn comes. */
async function withFittingValue(deps: RunsDeps, runs: readonly string[], act: RepairAct): Promise<readonly string[]> {
  if (act.kind !== 'retry' || !act.edit || runs.length > maxChecked) return runs;
  const fitting: string[] = [];
  for (const id of runs) {
    const run = await loadRun(deps.pool, id);
    if (!run) continue;
    const plan = await loadPlan(deps.pool, deps.catalog, run);
    if (editOf(fold(plan, run.entries), run.triggerNodeId, act.edit)) fitting.push(id);
  }
  if (fitting.length > 0) return fitting;
  throw new HoldfastError('request.invalid', {
    detail: say`None of these runs has this value of ${act.edit.field}.`,
    hint: 'Look at the preview, and choose another value.',
    path: 'act.edit',
  });
}

const aboutOf = ({ code, title, detail, flows, step, credential }: AttentionCause): JsonObject => ({
  code,
  title,
  detail,
  flows: flows.map(({ name }) => name),
  step: step?.name ?? null,
  node: step?.node ?? null,
  credential: credential?.name ?? null,
});

function refuseUnfitting(cause: AttentionCause, act: RepairAct): void {
  const isForOneStep = act.kind === 'skip' || (act.kind === 'retry' && act.edit !== undefined);
  if (!isForOneStep || cause.step) return;
  throw new HoldfastError('request.invalid', {
    detail: 'These runs stand at different steps, so they can only be tried again or ended together.',
    path: 'act',
  });
}

/** After the first one: the rest. Throws resource.conflict when it is not waiting for that. */
export async function continueRepair(deps: RunsDeps, args: ByPerson & { id: string }): Promise<void> {
  await move(deps, args, { from: ['tried'], to: 'running', action: 'runs.repair-continued' });
}

/** Nothing more is begun once this answers; what was begun ends by itself. */
export async function stopRepair(deps: RunsDeps, args: ByPerson & { id: string }): Promise<void> {
  await move(deps, args, { from: ['trying', 'tried', 'running'], to: 'stopping', action: 'runs.repair-stopped' });
}

async function move(
  deps: RunsDeps,
  args: ByPerson & { id: string },
  { action, ...way }: Pick<Parameters<typeof moveRepair>[1], 'from' | 'to'> & { action: string },
): Promise<void> {
  const { workspaceId, id } = args;
  await transaction(deps.pool, async (client) => {
    const stoppedBy = way.to === 'stopping' ? args.by.name : null;
    if (!(await moveRepair(client, { workspaceId, id, ...way, stoppedBy }))) {
      const found = await loadRepair(client, { workspaceId, id });
      throw found
        ? new HoldfastError('resource.conflict', { detail: 'This repair is not there any more: it is over, or somebody was quicker.' })
        : new HoldfastError('resource.missing', { detail: 'There is no such repair here.' });
    }
    await auditOf(client, args, { action, subject: id, detail: {} });
  });
  notifyLive(deps.pool, workspaceId, { kind: 'repair', repair: id });
}

const auditOf = (
  db: Parameters<typeof insertAudit>[0],
  { workspaceId, by }: ByPerson,
  act: { action: string; subject: string; detail: JsonObject },
): Promise<void> => insertAudit(db, { workspaceId, actorId: by.id, actorName: by.name, ...act });
