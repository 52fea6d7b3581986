import { simulatorFault, type SimulatorFault } from '@holdfast/contracts';

export const faultKinds: readonly SimulatorFault[] = simulatorFault.options;

/** What a step's facts tell of a call that was only pretended. */
export const pretendedOf = (facts: Readonly<Record<string, unknown>>): SimulatorFault | null =>
  simulatorFault.safeParse(facts['pretended']).data ?? null;
