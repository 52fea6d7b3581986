import { useCallback } from 'react';
import { asApiError } from '../client/api-error.ts';
import { showProblem } from '../shell/show-problem.tsx';
import type { PaletteEntry } from './palette-entries.ts';
import { useReadyStep } from './service-entries.ts';
import { useAddStep, type AddStepRequest } from './use-add-step.ts';

type Place = Pick<AddStepRequest, 'position' | 'from'>;

/** Adds what was chosen in a palette; an operation of a service comes with its settings, which are asked for first. */
export function useAddEntry(): (entry: PaletteEntry, place: Place) => void {
  const add = useAddStep();
  const readyStep = useReadyStep();
  return useCallback(
    (entry, place) => {
      const step = { definition: entry.definition, key: entry.key, ...place };
      if (!entry.operation) {
        add(step);
        return;
      }
      readyStep(entry).then(
        (ready) => add({ ...step, ready }),
        (error: unknown) => showProblem(asApiError(error)),
      );
    },
    [add, readyStep],
  );
}
