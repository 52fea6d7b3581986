import type { JsonObject, JsonValue, NodeDefinition, WaitFor } from '@holdfast/node-kit';
import type { FlowEdge, FlowFile, FlowNode } from './flow-file.ts';
import type { GrowingMap } from './growing-map.ts';
import type { Entry } from './journal.ts';
import type { FillConfig } from './render-config.ts';

/** A version made ready to run: once per version id, then cached. */
export interface Plan {
  versionId: string;
  file: FlowFile;
  /** Throws for an id that the version doesn't have. */
  node: (id: string) => PlannedNode;
  hasNode: (id: string) => boolean;
  edgesFrom: (node: string, port: string) => readonly FlowEdge[];
  edgesInto: (node: string) => readonly FlowEdge[];
  /** By any port. */
  edgesOf: (node: string) => readonly FlowEdge[];
  /** Where branches may meet, in the order they were drawn. */
  joins: readonly PlannedNode[];
  /** Whether the drawing leads from one node to another; when `without` is given, not by way of that port. */
  leadsTo: (from: string, to: string, without?: PortRef) => boolean;
}

export interface PortRef {
  node: string;
  port: string;
}

export interface PlannedNode extends FlowNode {
  definition: NodeDefinition;
  /** Present on joins only. */
  joins?: 'all' | 'any';
  /** Its place in the file: settles what nothing else does. */
  drawn: number;
  /** Its config as it runs. Throws step.config and template.invalid. */
  fill: FillConfig;
}

/** Where a step came from; every entry about a step carries it. */
export interface StepRef {
  step: string;
  node: string;
  parent: string | null;
  edge: string | null;
  lineage: number;
}

/** `abandoned`: still open when a person sent the run elsewhere. */
export type StepStatus = 'ready' | 'running' | 'waiting' | 'retrying' | 'failed' | 'ended' | 'abandoned';

export interface StepState extends StepRef {
  status: StepStatus;
  /** How often the run came to this node in this lineage, 1 at first. */
  visit: number;
  attempts: number;
  port?: string;
  output?: JsonValue;
  /** The last failure, while it stands. */
  failure?: Entry<'step-failed'>;
  wait?: {
    waitFor: WaitFor;
    deadlineAt: string | null;
    timeoutPort: string;
    openedAt: string;
    tries: number;
    /** The handoff it waits for; another step of the same conversation may have opened it. */
    handoff?: string;
  };
  branch: Branch;
  /** Of a join: the steps whose branches it gathered, in the order they arrived. */
  arrived?: readonly string[];
}

/** What a step's way here means to the joins ahead of it: branches.ts. */
export interface Branch {
  /** Steps that this one is under, outermost first. */
  forks: readonly string[];
  /** Joins that it came through, while under their fork. */
  passed: readonly Passage[];
}

export interface Passage {
  join: string;
  fork: string;
  /** 1 for the first time that this join gathered this fork. */
  generation: number;
}

/** Branches that arrived at an `all` join which still waits for others. */
export interface Gathering extends Passage {
  arrived: readonly string[];
}

export interface RunState {
  status: 'running' | 'paused' | 'attention' | 'ended';
  /** How often a person sent the run elsewhere. */
  lineage: number;
  /** Empty until the run started. */
  startedAt: string;
  trigger: JsonObject;
  /** In the order they came up. */
  steps: GrowingMap<StepState>;
  /** Those of this lineage that have neither ended nor been abandoned, in the order they came up. */
  open: readonly string[];
  gatherings: readonly Gathering[];
  /** The latest step of every node. */
  latest: GrowingMap<string>;
  /** Latest output by node id. */
  outputs: GrowingMap<JsonValue>;
  /** Steps executed since the start, or since a person last let the run go on: what `settings.maxSteps` bounds. */
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
