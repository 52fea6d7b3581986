import type { SimulatorFault } from '@holdfast/contracts';
import type { Finding } from '@holdfast/graph';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type StepMarkState = 'running' | 'done' | 'waiting' | 'person' | 'retrying' | 'failed' | 'skipped';

/** What a run did at a step, as the card shows it. */
export interface StepMark {
  state: StepMarkState;
  attempts: number;
  maxAttempts: number | null;
  /** When it goes on by itself: the next attempt, or the end of a wait. */
  untilAt: string | null;
  by: string | null;
  visits: number;
  /** Its call was only pretended, in the simulator. */
  pretended: SimulatorFault | null;
}

/** What is painted over the drawing: problems while editing, the way of a run while looking at one. Computed, never stored. */
export interface Marks {
  findings: readonly Finding[];
  findingsByNode: ReadonlyMap<string, readonly Finding[]>;
  steps: ReadonlyMap<string, StepMark>;
  edges: ReadonlySet<string>;
  /** Edges along which something moves right now. */
  movingEdges: ReadonlySet<string>;
  /** What the simulated customer's calls meet, by node. */
  faults: ReadonlyMap<string, SimulatorFault>;
  /** True on the run page: what the run did not touch fades. */
  fadesRest: boolean;
}
export type MarksStore = StoreApi<Marks>;

export const noFindings: readonly Finding[] = [];

export const createMarksStore = (fadesRest = false): MarksStore =>
  createStore<Marks>()(() => ({
    findings: noFindings,
    findingsByNode: new Map(),
    steps: new Map(),
    edges: new Set(),
    movingEdges: new Set(),
    faults: new Map(),
    fadesRest,
  }));

/** Keeps a node's old list when nothing in it changed, so that its card is not drawn again. */
export function groupFindings(
  findings: readonly Finding[],
  before: ReadonlyMap<string, readonly Finding[]>,
): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.node === undefined) continue;
    const group = groups.get(finding.node);
    if (group) group.push(finding);
    else groups.set(finding.node, [finding]);
  }
  const result = new Map<string, readonly Finding[]>();
  for (const [node, group] of groups) {
    const old = before.get(node);
    result.set(node, old && JSON.stringify(old) === JSON.stringify(group) ? old : group);
  }
  return result;
}

const sameMark = (a: StepMark | undefined, b: StepMark): boolean =>
  a !== undefined &&
  a.state === b.state &&
  a.attempts === b.attempts &&
  a.maxAttempts === b.maxAttempts &&
  a.untilAt === b.untilAt &&
  a.by === b.by &&
  a.visits === b.visits &&
  a.pretended === b.pretended;

export function keepSameMarks(next: ReadonlyMap<string, StepMark>, before: ReadonlyMap<string, StepMark>): ReadonlyMap<string, StepMark> {
  const result = new Map<string, StepMark>();
  for (const [node, mark] of next) {
    const old = before.get(node);
    result.set(node, old && sameMark(old, mark) ? old : mark);
  }
  return result;
}
