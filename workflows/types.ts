/** All that Temporal ever gets to know of a run: ids, delays and states. No text of a customer, no graph, no secret. */
export interface RunFlowInput {
  runId: string;
  epoch: number;
}

export interface StretchInput extends RunFlowInput {
  /** Who executes: the workflow's id. */
  owner: string;
  /** Steps that this workflow is running as activities; the stretch leaves them alone. */
  inFlight: string[];
}

/** An effect that needs an activity of its own: it is slow, or has failed and is to be tried again. */
export interface StretchEffect {
  stepId: string;
  /** How long to wait before the next attempt. */
  startInMs: number;
  /** Attempts left; the failed ones before are already counted. */
  maximumAttempts: number;
  initialIntervalMs: number;
  backoff: number;
  maximumIntervalMs: number;
  /** Upper bound of one attempt. */
  timeoutMs: number;
}

export interface StretchResult {
  /** `open`: something is still to come. `superseded`: another owner has the run, this workflow has nothing more to do. */
  status: 'open' | 'ended' | 'superseded';
  effects: StretchEffect[];
  /** When to look again at the latest; null waits for a doorbell. */
  wakeInMs: number | null;
}

export interface EffectInput extends RunFlowInput {
  owner: string;
  stepId: string;
}

export interface RunActivities {
  stretch: (input: StretchInput) => Promise<StretchResult>;
  runEffect: (input: EffectInput) => Promise<void>;
}

export const workflowType = 'runFlow';
export const taskQueue = 'holdfast';
export const doorbellName = 'doorbell';
export const workflowIdOf = ({ runId, epoch }: RunFlowInput): string => `${runId}.${epoch}`;
