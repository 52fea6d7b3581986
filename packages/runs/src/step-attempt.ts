import type { NewKeptCall } from '@holdfast/db';
import type { StepState } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Progress } from './progress.ts';
import type { Typing } from './typing.ts';

/** One attempt of one step, and what its runner leaves behind. */
export interface StepAttempt {
  step: StepState;
  attempt: number;
  isLastAttempt: boolean;
  signal: AbortSignal;
  /** Gathers what the runner notes. */
  facts: JsonObject;
  /** The parts of calls that must not happen twice and went out; what became of them is not known (yet). */
  open: Set<string>;
  /** Shared with whoever looks at the attempt when it is over. */
  progress: Progress;
  /** Its work is done for all that wait for the same, too. */
  goesWith?: string;
  /** Around what is only waited for: the customer is not shown that somebody is typing meanwhile. */
  idle?: Typing['idle'];
  /** Calls to be delivered later, written with the end of the step. */
  kept: NewKeptCall[];
}
