import type { JsonObject } from '@holdfast/node-kit';
import type { RunState, StepState } from './run-state.ts';

/** What a join hands on: the outputs of the branches it gathered, by node id. */
export const joinOutput = (state: RunState, join: StepState): JsonObject =>
  Object.fromEntries(
    (join.arrived ?? []).flatMap((id) => {
      const step = state.steps.get(id);
      return step ? [[step.node, step.output ?? null]] : [];
    }),
  );
