import type { StepState } from '@holdfast/graph';

/** Nothing left the house, and no attempt was counted. */
export const isPutOff = (step: StepState): boolean => step.failure?.facts?.['isPutOff'] === true;

/** A call that waits for its provider. */
export const isHeldCall = (step: StepState): boolean => isPutOff(step) && step.failure?.facts?.['provider'] !== undefined;
