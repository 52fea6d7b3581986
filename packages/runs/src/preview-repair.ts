import { listCredentialStates, listRunsOfCause, loadRun, type LoadedRun } from '@holdfast/db';
import { asHoldfastError, codes, HoldfastError, say } from '@holdfast/errors';
import { applyEntry, buildScope, fold, type Plan, type RunState, type StepState } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import { loadPlan } from './load-plan.ts';
import { editOf, type RepairAct } from './repair-act.ts';
import { ambiguousCodes, causeNamed, maxChecked, maxRepaired } from './repairs.ts';

const maxExamples = 3;

export interface RepairPreview {
  /** Runs that would be repaired. */
  count: number;
  /** Of the group: nobody knows whether their calls were carried out. In `count` only when they are to be made again. */
  ambiguous: number;
  /** Left alone: their value is not the one to be replaced. */
  otherValue: number;
  /** How many of `count` were looked into. */
  checked: number;
  /** Would fail again at once, and why. */
  unfit: { title: string; detail: string; count: number }[];
  examples: { run: string; startedAt: string; contact: string | null; before: JsonValue; after: JsonValue }[];
}

/** What a repair would do, without doing it. Throws resource.missing. */
export async function previewRepair(
  deps: Pick<RunsDeps, 'pool' | 'catalog'>,
  args: { workspaceId: string; cause: string; act: RepairAct },
): Promise<RepairPreview> {
  const { workspaceId, act } = args;
  const cause = await causeNamed(deps, workspaceId, args.cause);
  const stopped = await listRunsOfCause(deps.pool, { workspaceId, cause: cause.key, ambiguousCodes, limit: maxRepaired });
  const meant = stopped.filter((run) => act.kind !== 'retry' || act.ambiguous || !run.isAmbiguous);
  const credentials = new Map((await listCredentialStates(deps.pool, workspaceId)).map((each) => [each.id, each]));
  const preview: RepairPreview = {
    count: meant.length,
    ambiguous: stopped.filter((run) => run.isAmbiguous).length,
    otherValue: 0,
    checked: 0,
    unfit: [],
    examples: [],
  };
  for (const { id } of meant.slice(0, maxChecked)) {
    const run = await loadRun(deps.pool, id);
    if (!run) continue;
    preview.checked++;
    lookInto(preview, { run, plan: await loadPlan(deps.pool, deps.catalog, run), act, credentials });
  }
  return preview;
}

interface Looked {
  run: LoadedRun;
  plan: Plan;
  act: RepairAct;
  credentials: ReadonlyMap<string, { name: string; state: string }>;
}

function lookInto(preview: RepairPreview, { run, plan, act, credentials }: Looked): void {
  let state = fold(plan, run.entries);
  const edit = act.kind === 'retry' ? act.edit : undefined;
  const edited = edit ? editOf(state, run.triggerNodeId, edit) : null;
  if (edit && !edited) {
    preview.otherValue++;
    preview.count--;
    return;
  }
  if (edited)
    state = applyEntry(plan, state, {
      kind: 'edited',
      at: run.startedAt.toISOString(),
      data: edited.data,
      by: { kind: 'person', name: '' },
    });
  if (preview.examples.length < maxExamples)
    preview.examples.push({
      run: run.id,
      startedAt: run.startedAt.toISOString(),
      contact: run.contact?.name ?? null,
      before: edited?.before ?? null,
      after: edit && edited ? edit.to : null,
    });
  const problem = act.kind === 'retry' ? whyUnfit({ run, plan, state, credentials }) : null;
  if (!problem) return;
  const same = preview.unfit.find((each) => each.detail === problem.detail);
  if (same) same.count++;
  else preview.unfit.push({ title: codes[problem.code].title, detail: problem.detail, count: 1 });
}

/** Why a step would fail again before it calls anybody. */
function whyUnfit({ run, plan, state, credentials }: Omit<Looked, 'act'> & { state: RunState }): HoldfastError | null {
  for (const id of state.open) {
    const step = state.steps.get(id);
    if (step?.status !== 'failed') continue;
    try {
      rehearse({ run, plan, state, step });
    } catch (error) {
      return asHoldfastError(error, 'step.crashed');
    }
    const problem = connectionTrouble(plan.node(step.node).config, credentials);
    if (problem) return problem;
  }
  return null;
}

/** Fills in its settings, and computes it where that is all it does. */
function rehearse({ run, plan, state, step }: Pick<Looked, 'run' | 'plan'> & { state: RunState; step: StepState }): void {
  const { fill, definition } = plan.node(step.node);
  const scope = buildScope(state, {
    run: { id: run.id, flow: run.flowName },
    contact: run.contact,
    conversation: run.conversation && {
      id: run.conversation.id,
      channel: run.conversation.channelName,
      channelKind: run.conversation.channelKind,
      history: run.history ?? [],
    },
    variables: run.variables ?? {},
  });
  const config = fill(scope);
  if (definition.kind === 'pure') definition.evaluate({ config, scope });
}

function connectionTrouble(config: JsonValue, credentials: Looked['credentials']): HoldfastError | null {
  const named = credentialIn(config);
  if (named === null) return null;
  const known = credentials.get(named);
  if (!known) return new HoldfastError('credential.missing', { detail: 'The connection that the step names does not exist any more.' });
  if (known.state === 'ready') return null;
  return new HoldfastError('credential.attention', { detail: say`"${known.name}" must be connected first.` });
}

const credentialIn = (config: JsonValue): string | null => {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return null;
  const named = config['credential'];
  return typeof named === 'string' && named !== '' ? named : null;
};
