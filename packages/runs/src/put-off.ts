import type { StepState } from '@holdfast/graph';

/** Nothing left the house, and no attempt was counted. */
export const isPutOff = (step: StepState): boolean => step.failure?.facts?.['isPutOff'] === true;
