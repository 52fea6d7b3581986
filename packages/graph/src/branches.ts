import { joinStepId } from './step-id.ts';
import type { Branch, Gathering, Passage, Plan, PortRef, RunState, StepState } from './run-state.ts';

/*
 * Where branches part and meet.
 *
 * 1. A step that leaves by a port with several edges is a fork. All that comes after it is *under* it, until the same port
 *    of the same node forks again: every round of a loop has branches of its own.
 * 2. A branch that arrives at a join meets the others under the outermost fork above it from which two or more branches lead
 *    to the join without forking there anew. Under no such fork it is alone, and passes the join like any other node.
 * 3. `all` goes on when no open step under that fork can still get here. Branches that ended, or were routed past the join,
 *    are not waited for; otherwise a join after an if/else would wait for ever.
 * 4. `any` goes on with the first to arrive. Who comes later is swallowed, and from then on nobody waits for it.
 * 5. A branch that came through the join and is led back to it, still under the same fork, belongs to the next generation:
 *    it never meets those of an earlier one. The step of a join is hash(join, generation, fork).
 * 6. Branches parked at another join count as the step which that join will make. Where parked joins wait for each other
 *    in a circle, the one drawn first goes on: a run may do things in an unexpected order, but never stands still for nothing.
 */

/** What the steps after `step` are under. */
export function branchBelow(plan: Plan, state: RunState, step: StepState): Branch {
  const exit = exitOf(step);
  if (plan.edgesFrom(exit.node, exit.port).length < 2) return step.branch;
  const forks = step.branch.forks.filter((fork) => !isSamePort(forkPort(state, fork), exit));
  return prune({ forks: [...forks, step.step], passed: step.branch.passed });
}

/** Which branches an arriving one meets at this join, and for which time; null when it is alone (rule 2). */
export function passageOf(plan: Plan, state: RunState, join: string, branch: Branch): Passage | null {
  const fork = branch.forks.find((each) => gathers(plan, join, forkPort(state, each)));
  return fork === undefined ? null : { join, fork, generation: generationOf(plan, state, branch, { join, fork }) };
}

export const passageStep = ({ join, generation, fork }: Passage): string => joinStepId(join, generation, fork);

/** What the step of a join is under: its fork still, since other branches of it may be bound for a later join. */
export function branchAfter(plan: Plan, state: RunState, passage: Passage, arrived: readonly Branch[]): Branch {
  const fork = state.steps.get(passage.fork);
  const below = fork ? branchBelow(plan, state, fork).forks : [];
  // A branch that left an outer fork behind, by forking there anew, does not come back under it.
  const forks = below.filter((each) => arrived.every((branch) => branch.forks.includes(each)));
  const passed = new Map<string, Passage>();
  for (const each of [...arrived.flatMap((branch) => branch.passed), passage]) {
    const key = `${each.join} ${each.fork}`;
    if ((passed.get(key)?.generation ?? 0) < each.generation) passed.set(key, each);
  }
  return prune({ forks, passed: [...passed.values()] });
}

/** The gathering that is complete and goes on next, if any (rules 3 and 6). */
export function completeGathering(plan: Plan, state: RunState): Gathering | undefined {
  const parked = state.gatherings
    .map((gathering) => ({ gathering, at: gathering.join, branch: branchOfGathering(plan, state, gathering) }))
    .toSorted((a, b) => plan.node(a.at).drawn - plan.node(b.at).drawn);
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []).map((step) => ({ at: step.node, branch: step.branch }));
  // Held: waiting for a step that is still open, or for a join that is.
  let free = parked.filter(({ gathering }) => !open.some((other) => canStillArrive(plan, state, other, gathering)));
  for (let before = parked.length; free.length < before;) {
    before = free.length;
    const held = parked.filter((each) => !free.includes(each));
    free = free.filter(({ gathering }) => !held.some((other) => canStillArrive(plan, state, other, gathering)));
  }
  const first = free.find((each) => !free.some((other) => other !== each && canStillArrive(plan, state, other, each.gathering)));
  return (first ?? free[0])?.gathering;
}

export const branchOfGathering = (plan: Plan, state: RunState, gathering: Gathering): Branch =>
  branchAfter(plan, state, gathering, arrivedBranches(plan, state, gathering.arrived));

export const arrivedBranches = (plan: Plan, state: RunState, arrived: readonly string[]): Branch[] =>
  arrived.flatMap((id) => {
    const step = state.steps.get(id);
    return step ? [branchBelow(plan, state, step)] : [];
  });

interface Token {
  at: string;
  branch: Branch;
}

function canStillArrive(plan: Plan, state: RunState, { at, branch }: Token, { join, fork, generation }: Passage): boolean {
  const port = forkPort(state, fork);
  return (
    branch.forks.includes(fork) &&
    generationOf(plan, state, branch, { join, fork }) === generation &&
    plan.leadsTo(at, join, port) &&
    !isSwallowedOnTheWay(plan, state, { at, branch }, join, port)
  );
}

/** Rule 4: whether every way from here to the join leads through an `any` join that has already gone on without this branch. */
function isSwallowedOnTheWay(plan: Plan, state: RunState, { at, branch }: Token, join: string, without: PortRef): boolean {
  const closed = new Set(
    plan.joins.filter((each) => each.joins === 'any' && isSwallowed(plan, state, each.id, branch)).map((each) => each.id),
  );
  if (closed.size === 0) return false;
  const forkedBefore = branch.forks.map((fork) => forkPort(state, fork));
  const seen = new Set([at]);
  const pending = [at];
  for (let node = pending.pop(); node !== undefined; node = pending.pop())
    for (const edge of plan.edgesOf(node)) {
      if (isSamePort(edge.from, without)) continue;
      if (edge.to.node === join) return false;
      // Forking anew makes a branch that nothing has swallowed yet.
      if (forkedBefore.some((port) => isSamePort(edge.from, port)) && plan.leadsTo(edge.to.node, join, without)) return false;
      if (seen.has(edge.to.node) || closed.has(edge.to.node)) continue;
      seen.add(edge.to.node);
      pending.push(edge.to.node);
    }
  return true;
}

function isSwallowed(plan: Plan, state: RunState, join: string, branch: Branch): boolean {
  const passage = passageOf(plan, state, join, branch);
  return passage !== null && state.steps.has(passageStep(passage));
}

const gathers = (plan: Plan, join: string, fork: PortRef): boolean =>
  plan.edgesFrom(fork.node, fork.port).filter((edge) => edge.to.node === join || plan.leadsTo(edge.to.node, join, fork)).length > 1;

/** A join for all never loses a branch: one that comes too late for its own generation, after rule 6, belongs to the next. */
function generationOf(plan: Plan, state: RunState, branch: Branch, { join, fork }: Pick<Passage, 'join' | 'fork'>): number {
  let generation = (branch.passed.find((each) => each.join === join && each.fork === fork)?.generation ?? 0) + 1;
  if (plan.node(join).joins === 'all') while (state.steps.has(joinStepId(join, generation, fork))) generation += 1;
  return generation;
}

/** Passages matter only while their fork does, so what a step remembers stays as small as the drawing, however long the run. */
const prune = ({ forks, passed }: Branch): Branch => ({ forks, passed: passed.filter((each) => forks.includes(each.fork)) });

const exitOf = (step: StepState): PortRef => ({ node: step.node, port: step.port ?? '' });

function forkPort(state: RunState, fork: string): PortRef {
  const step = state.steps.get(fork);
  if (!step) throw new Error(`Fork ${fork} is not a step of this run`);
  return exitOf(step);
}

const isSamePort = (a: PortRef, b: PortRef): boolean => a.node === b.node && a.port === b.port;
