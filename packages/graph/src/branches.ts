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
 * 4. `any` goes on with the first to arrive. Who comes later, and not by way of this join, is swallowed; from then on nobody
 *    waits for it.
 * 5. A join may go on several times under one fork, when branches are led back to it: each time is a generation. The step of
 *    a join is hash(join, generation, fork).
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
  if (fork === undefined) return null;
  const passedBefore = branch.passed.find((each) => each.join === join && each.fork === fork)?.generation ?? 0;
  let generation = passedBefore + 1;
  // A join for all loses no branch: if it went on for these already, they gather for the next time.
  if (plan.node(join).joins === 'all') while (state.steps.has(joinStepId(join, generation, fork))) generation += 1;
  return { join, fork, generation };
}

export const passageStep = ({ join, generation, fork }: Passage): string => joinStepId(join, generation, fork);

/** What the step that a join makes is under: its fork still, since other branches of it may be bound for a later join. */
export function branchAfter(plan: Plan, state: RunState, gathering: Gathering): Branch {
  const { join, generation, fork: gathered } = gathering;
  const arrived = gathering.arrived.flatMap((id) => state.steps.get(id) ?? []).map((step) => branchBelow(plan, state, step));
  const fork = state.steps.get(gathered);
  const below = fork ? branchBelow(plan, state, fork).forks : [];
  // A branch that left an outer fork behind, by forking there anew, does not come back under it.
  const forks = below.filter((each) => arrived.every((branch) => branch.forks.includes(each)));
  const passed = new Map<string, Passage>();
  for (const each of [...arrived.flatMap((branch) => branch.passed), { join, generation, fork: gathered }]) {
    const key = `${each.join} ${each.fork}`;
    if ((passed.get(key)?.generation ?? 0) < each.generation) passed.set(key, each);
  }
  return prune({ forks, passed: [...passed.values()] });
}

const gathers = (plan: Plan, join: string, fork: PortRef): boolean =>
  plan.edgesFrom(fork.node, fork.port).filter((edge) => edge.to.node === join || plan.leadsTo(edge.to.node, join, fork)).length > 1;

/** Passages matter only while their fork does, so what a step remembers stays as small as the drawing, however long the run. */
const prune = ({ forks, passed }: Branch): Branch => ({ forks, passed: passed.filter((each) => forks.includes(each.fork)) });

const exitOf = (step: StepState): PortRef => ({ node: step.node, port: step.port ?? '' });

/** By which port a fork was left. */
export function forkPort(state: RunState, fork: string): PortRef {
  const step = state.steps.get(fork);
  if (!step) throw new Error(`Fork ${fork} is not a step of this run`);
  return exitOf(step);
}

export const isSamePort = (a: PortRef, b: PortRef): boolean => a.node === b.node && a.port === b.port;
