import type { JsonObject, JsonValue, NodeDefinition, WaitFor } from '@holdfast/node-kit';
import type { Entry } from './journal.ts';
import type { FlowEdge, FlowFile, FlowNode } from './flow-file.ts';

/** A version made ready to run: once per version id, then cached. */
export interface Plan {
  versionId: string;
  file: FlowFile;
  node: (id: string) => PlannedNode;
  edgesFrom: (node: string, port: string) => readonly FlowEdge[];
  edgesInto: (node: string) => readonly FlowEdge[];
}

export interface PlannedNode extends FlowNode {
  definition: NodeDefinition;
}

export interface StepRef {
  step: string;
  node: string;
  parent: string | null;
  edge: string | null;
  lineage: number;
}

export type StepStatus = 'ready' | 'running' | 'waiting' | 'retrying' | 'failed' | 'ended';

export interface StepState extends StepRef {
  status: StepStatus;
  /** How often the run came to this node in this lineage, 1 at first. */
  visit: number;
  attempts: number;
  port?: string;
  output?: JsonValue;
  /** The last failure, while it stands. */
  failure?: Entry<'step-failed'>;
  wait?: { waitFor: WaitFor; deadlineAt: string | null; timeoutPort: string; openedAt: string; tries: number };
}

export interface RunState {
  status: 'running' | 'paused' | 'attention' | 'ended';
  lineage: number;
  startedAt: string;
  trigger: JsonObject;
  /** In the order they came up. */
  steps: ReadonlyMap<string, StepState>;
  /** Latest output by node id. */
  outputs: { readonly [node: string]: JsonValue };
  executed: number;
  ended?: Entry<'run-ended'>;
}

/** What is to be done next; `advance` decides, `stretch` does. */
export interface Advance {
  /** Can be executed now, in a fixed order. */
  ready: StepState[];
  /** Effects that were started and have neither ended nor failed for good: to be tried again or reconciled. */
  unfinished: StepState[];
  waiting: StepState[];
  /** Failed for good with no way out: a person is needed. */
  failed: StepState[];
  /** Nothing is left to do: the run is done. */
  isDone: boolean;
  /** The per-run bound is reached; nothing is ready any more. */
  isOverBound: boolean;
}
