import { branchAfter, forkPort, isSamePort, passageOf, passageStep } from './branches.ts';
import type { Branch, Gathering, Passage, Plan, PortRef, RunState } from './run-state.ts';

/** The gathering that is complete and goes on next, if any (rules 3 and 6). */
export function completeGathering(plan: Plan, state: RunState): Gathering | undefined {
  const parked = state.gatherings
    .map((gathering) => ({ gathering, at: gathering.join, branch: branchAfter(plan, state, gathering) }))
    .toSorted((a, b) => plan.node(a.at).drawn - plan.node(b.at).drawn);
  const open = state.open.flatMap((id) => state.steps.get(id) ?? []).map((step) => ({ at: step.node, branch: step.branch }));
  const waitsFor = (others: readonly Token[], gathering: Gathering): boolean =>
    others.some((other) => canStillArrive(plan, state, other, gathering));
  const free = parked.filter(({ gathering }) => !waitsFor(open, gathering));
  const first = free.find(
    ({ gathering }) =>
      !waitsFor(
        parked.filter((other) => other.gathering !== gathering),
        gathering,
      ),
  );
  return (first ?? free[0])?.gathering;
}

/** A step that is open, or will be. */
interface Token {
  at: string;
  branch: Branch;
}

function canStillArrive(plan: Plan, state: RunState, { at, branch }: Token, { join, fork }: Passage): boolean {
  const port = forkPort(state, fork);
  return branch.forks.includes(fork) && plan.leadsTo(at, join, port) && !isSwallowedOnTheWay(plan, state, { at, branch }, { join, port });
}

/** Rule 4: whether every way from here to the join leads through an `any` join that has already gone on without this branch. */
function isSwallowedOnTheWay(plan: Plan, state: RunState, { at, branch }: Token, to: { join: string; port: PortRef }): boolean {
  const closed = new Set(
    plan.joins.filter((each) => each.joins === 'any' && isSwallowed(plan, state, each.id, branch)).map((each) => each.id),
  );
  if (closed.size === 0) return false;
  const forkedBefore = branch.forks.map((fork) => forkPort(state, fork));
  const seen = new Set([at]);
  const pending = [at];
  for (let node = pending.pop(); node !== undefined; node = pending.pop())
    for (const edge of plan.edgesOf(node)) {
      if (isSamePort(edge.from, to.port)) continue;
      if (edge.to.node === to.join) return false;
      // Forking anew makes a branch that nothing has swallowed yet.
      if (forkedBefore.some((port) => isSamePort(edge.from, port)) && plan.leadsTo(edge.to.node, to.join, to.port)) return false;
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
