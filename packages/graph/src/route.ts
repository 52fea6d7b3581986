import { branchAfter, branchBelow, passageOf, passageStep } from './branches.ts';
import type { FlowEdge } from './flow-file.ts';
import { completeGathering } from './gatherings.ts';
import type { Branch, Gathering, Passage, Plan, RunState, StepRef, StepState } from './run-state.ts';
import { stepId } from './step-id.ts';

/** Makes what comes after a step that just ended: the next step of every edge, or an arrival at a join. */
export function routeOn(plan: Plan, state: RunState, from: StepState): RunState {
  const branch = branchBelow(plan, state, from);
  const routed = plan.edgesFrom(from.node, from.port ?? '').reduce((next, edge) => follow(plan, next, { from, edge, branch }), state);
  return goOn(plan, routed);
}

function follow(plan: Plan, state: RunState, { from, edge, branch }: { from: StepState; edge: FlowEdge; branch: Branch }): RunState {
  const target = plan.node(edge.to.node);
  const passage = target.joins ? passageOf(plan, state, target.id, branch) : null;
  if (!passage) {
    const arrived = target.joins ? { arrived: [from.step] } : {};
    return comeUp(state, {
      step: stepId(from.step, edge.id),
      node: target.id,
      parent: from.step,
      edge: edge.id,
      lineage: state.lineage,
      branch,
      ...arrived,
    });
  }
  if (state.steps.has(passageStep(passage))) return state; // swallowed: the join went on without this branch
  return target.joins === 'any' ? pass(plan, state, { ...passage, arrived: [from.step] }) : arrive(state, passage, from.step);
}

function arrive(state: RunState, passage: Passage, step: string): RunState {
  const id = passageStep(passage);
  const others = state.gatherings.filter((each) => passageStep(each) !== id);
  const arrived = state.gatherings.find((each) => passageStep(each) === id)?.arrived ?? [];
  return { ...state, gatherings: [...others, { ...passage, arrived: [...arrived, step] }] };
}

/** Lets every complete gathering pass, until none is. */
function goOn(plan: Plan, state: RunState): RunState {
  if (state.gatherings.length === 0) return state;
  const complete = completeGathering(plan, state);
  if (!complete) return state;
  const gatherings = state.gatherings.filter((each) => each !== complete);
  return goOn(plan, pass(plan, { ...state, gatherings }, complete));
}

function pass(plan: Plan, state: RunState, gathering: Gathering): RunState {
  const { join, fork, arrived } = gathering;
  const branch = branchAfter(plan, state, gathering);
  return comeUp(state, { step: passageStep(gathering), node: join, parent: fork, edge: null, lineage: state.lineage, branch, arrived });
}

/** A new step, ready. */
export function comeUp(state: RunState, ref: StepRef & Pick<StepState, 'branch' | 'arrived'>): RunState {
  const latest = state.steps.get(state.latest.get(ref.node) ?? '');
  const visit = latest?.lineage === ref.lineage ? latest.visit + 1 : 1;
  return {
    ...state,
    steps: state.steps.with(ref.step, { ...ref, status: 'ready', visit, attempts: 0 }),
    open: [...state.open, ref.step],
    latest: state.latest.with(ref.node, ref.step),
  };
}
