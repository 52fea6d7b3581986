import { playFlow, randomFlow, testCatalog } from '@holdfast/test-kit/flows';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance } from './advance.ts';
import { fold } from './fold.ts';
import { compile } from './plan.ts';
import type { FlowFile } from './flow-file.ts';
import type { Plan, RunState, StepState } from './run-state.ts';

const seed = fc.nat();
const order = fc.nat();
const runs = { numRuns: 250 };
const planOf = (file: FlowFile): Plan => compile(file, 'version_test', testCatalog);

/** What a run amounts to, whatever the order in which branches took their turns. */
const sumUp = (state: RunState): string[] =>
  [...state.steps.values()]
    .map((step) => `${step.step} ${step.node} ${step.status} ${step.port} ${step.arrived?.toSorted().join()}`)
    .toSorted();

/** All of a state, as data. */
const snapshot = (state: RunState): string =>
  JSON.stringify({ ...state, steps: [...state.steps], latest: [...state.latest], outputs: [...state.outputs] });

describe('any flow, whatever its steps do', { timeout: 60_000 }, () => {
  test('ends, waits, needs a person or reaches its bound', () => {
    fc.assert(
      fc.property(randomFlow(), seed, order, (file, luck, turn) => {
        const plan = planOf(file);
        const { state } = playFlow(plan, { seed: luck, order: turn });
        const next = advance(plan, state);
        expect(next.ready.length + next.unfinished.length === 0 || next.isOverBound).toBe(true);
        expect(next.isDone || next.isOverBound || next.failed.length > 0).toBe(true);
      }),
      runs,
    );
  });

  test('visits no node that no way led to', () => {
    fc.assert(
      fc.property(randomFlow(), seed, order, (file, luck, turn) => {
        const plan = planOf(file);
        const { state } = playFlow(plan, { seed: luck, order: turn });
        for (const step of state.steps.values())
          for (const origin of originsOf(state, step))
            expect(plan.edgesFrom(origin.node, origin.port ?? '').map((edge) => edge.to.node)).toContain(step.node);
      }),
      runs,
    );
  });

  test('goes on after any entry exactly as if nothing had happened, whatever people did to the run', () => {
    fc.assert(
      fc.property(randomFlow(), seed, order, fc.nat(), (file, luck, turn, cut) => {
        const plan = planOf(file);
        const { entries, state } = playFlow(plan, { seed: luck, order: turn, overrides: 8 });
        const place = 1 + (cut % entries.length);
        const before = fold(plan, entries.slice(0, place));
        const kept = snapshot(before);
        expect(snapshot(fold(plan, entries.slice(place), before))).toBe(snapshot(state));
        expect(snapshot(before)).toBe(kept);
      }),
      runs,
    );
  });
});

describe('branches', { timeout: 60_000 }, () => {
  test('do the same in whatever order they take their turns', () => {
    fc.assert(
      fc.property(
        randomFlow({ joins: ['all'], maxSteps: 200 }),
        seed,
        fc.tuple(order, order),
        fc.nat(),
        (file, luck, [one, other], cut) => {
          const plan = planOf(file);
          fc.pre(!joinsWaitForEachOther(plan));
          const first = playFlow(plan, { seed: luck, order: one });
          fc.pre(!advance(plan, first.state).isOverBound);
          const second = playFlow(plan, { seed: luck, order: other });
          fc.pre(!advance(plan, second.state).isOverBound);
          expect(sumUp(second.state)).toEqual(sumUp(first.state));
          const resumed = playFlow(plan, { seed: luck, order: other, from: first.entries.slice(0, 1 + (cut % first.entries.length)) });
          expect(sumUp(resumed.state)).toEqual(sumUp(first.state));
        },
      ),
      runs,
    );
  });

  test('that arrive at a join for all are gathered exactly once', () => {
    fc.assert(
      fc.property(randomFlow({ maxSteps: 150 }), seed, order, (file, luck, turn) => {
        const plan = planOf(file);
        const { state } = playFlow(plan, { seed: luck, order: turn });
        for (const [join, arrivals] of arrivalsOf(plan, state)) {
          const gathered = [...state.steps.values()].filter((step) => step.node === join).flatMap((step) => step.arrived ?? []);
          const parked = state.gatherings.filter((each) => each.join === join).flatMap((each) => each.arrived);
          expect([...gathered, ...parked].toSorted()).toEqual(arrivals.toSorted());
        }
      }),
      runs,
    );
  });

  test('are held at a join only while an open step can still lead there', () => {
    fc.assert(
      fc.property(randomFlow(), seed, order, (file, luck, turn) => {
        const plan = planOf(file);
        const { entries } = playFlow(plan, { seed: luck, order: turn, overrides: 8 });
        let state = fold(plan, []);
        for (const entry of entries) {
          state = fold(plan, [entry], state);
          for (const { join } of state.gatherings)
            expect(state.open.some((id) => plan.leadsTo(state.steps.get(id)?.node ?? '', join))).toBe(true);
        }
      }),
      runs,
    );
  });
});

/** Then rule 6 of branches.ts may decide, and it decides by what is parked where. */
const joinsWaitForEachOther = (plan: Plan): boolean =>
  plan.joins.some((one) => plan.joins.some((other) => one !== other && plan.leadsTo(one.id, other.id) && plan.leadsTo(other.id, one.id)));

function originsOf(state: RunState, step: StepState): StepState[] {
  const ids = step.arrived ?? (step.parent === null ? [] : [step.parent]);
  return ids.flatMap((id) => state.steps.get(id) ?? []);
}

/** By join for all: the steps that ended with a connection to it. */
function arrivalsOf(plan: Plan, state: RunState): Map<string, string[]> {
  const joins = plan.joins.filter((node) => node.joins === 'all').map((node) => node.id);
  const ended = [...state.steps.values()].filter((step) => step.status === 'ended');
  return new Map(
    joins.map((join) => [
      join,
      ended.flatMap((step) => plan.edgesFrom(step.node, step.port ?? '').flatMap((edge) => (edge.to.node === join ? [step.step] : []))),
    ]),
  );
}
