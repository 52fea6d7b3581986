import { fold, isDeepEqual, type JournalEntry, type Plan, type RunState } from '@holdfast/graph';
import type { JsonValue } from '@holdfast/node-kit';

/**
 * What two executions of one version did differently, a sentence each; empty when they left the same journal. Aside are: times,
 * ids, who executed (`handed-over`), how often a call had to wait for its provider, and which of several concurrent branches wrote first. Each journal must make sense by
 * itself: folding one that does not throws.
 */
export function sameJournal(plan: Plan, one: readonly JournalEntry[], other: readonly JournalEntry[]): string[] {
  const [first, second] = [storiesOf(plan, one), storiesOf(plan, other)];
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((name) => compare(name, first.get(name) ?? [], second.get(name) ?? []));
}

type Story = JsonValue[];

/** What was written about each step, and about the run as a whole, in its order, under names that don't depend on the run. */
function storiesOf(plan: Plan, entries: readonly JournalEntry[]): Map<string, Story> {
  const state = fold(plan, entries);
  const names = namesOf(state);
  const stories = new Map<string, Story>();
  for (const entry of entries) {
    if (entry.kind === 'handed-over') continue;
    const step = 'step' in entry ? entry.step : null;
    const name = step === null ? 'the run' : (names.get(step) ?? step);
    if (isHeldCall(entry)) {
      // Begun and put off, without an attempt: what others called at the same moment decides it.
      stories.set(name, (stories.get(name) ?? []).slice(0, -1));
      continue;
    }
    const told = isUnordered(state, entry) ? { ...entry, output: null } : entry;
    const story = plainEntry(JSON.parse(JSON.stringify(told)) as { [field: string]: JsonValue }); // an entry is JSON
    stories.set(name, [...(stories.get(name) ?? []), story]);
  }
  return stories;
}

/** Each step by its way through the drawing: its parent's name and the connection it came by. */
function namesOf(state: RunState): Map<string, string> {
  const names = new Map<string, string>();
  const used = new Map<string, number>();
  for (const step of state.steps.values()) {
    const from = step.parent === null ? (step.lineage === 0 ? 'start' : `jump ${step.lineage}`) : (names.get(step.parent) ?? '?');
    const way = step.parent === null ? from : `${from} ${step.edge ?? 'joined'}:${step.node}`;
    const count = (used.get(way) ?? 0) + 1;
    used.set(way, count);
    names.set(step.step, count === 1 ? way : `${way} (${count})`);
  }
  return names;
}

const isHeldCall = (entry: JournalEntry): boolean =>
  entry.kind === 'step-failed' && entry.facts?.['isPutOff'] === true && entry.facts['provider'] !== undefined;

/** A join of two steps of one node hands on the output of whichever arrived last. */
function isUnordered(state: RunState, entry: JournalEntry): boolean {
  const arrived = entry.kind === 'step-ended' ? state.steps.get(entry.step)?.arrived : undefined;
  const nodes = (arrived ?? []).map((id) => state.steps.get(id)?.node);
  return new Set(nodes).size < nodes.length;
}

/** Say when, or which one of many; whether they are there at all is kept. */
const fleeting = new Set(['at', 'step', 'parent', 'deadlineAt', 'retryAt', 'handoff']);

const plainEntry = (entry: { [field: string]: JsonValue }): JsonValue =>
  Object.fromEntries(Object.entries(entry).map(([field, value]) => [field, fleeting.has(field) ? value !== null : plain(value)]));

function plain(value: JsonValue): JsonValue {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'durationMs' ? true : plain(inner)]));
}

const plainText = (text: string): string =>
  text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>').replaceAll(/\b[a-z]+_[0-9A-Za-z-]{20,}/g, '<id>');

function compare(name: string, one: Story, other: Story): string[] {
  const length = Math.max(one.length, other.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => !isDeepEqual(one[index], other[index]));
  return at === undefined ? [] : [`${name}, entry ${at + 1}: ${tell(one[at])} there, ${tell(other[at])} here`];
}

const tell = (entry: JsonValue | undefined): string => (entry === undefined ? 'nothing' : JSON.stringify(entry));
