import type { runStep } from '@holdfast/contracts';
import type { Entry, FlowFile, JournalEntry } from '@holdfast/graph';
import type { Catalog, EffectDefinition, JsonObject } from '@holdfast/node-kit';
import type { z } from 'zod';

type RunStep = z.infer<typeof runStep>;

/** The journal as people see it: one row per step, in the order they came up. */
export function buildRunSteps(
  file: FlowFile,
  entries: readonly JournalEntry[],
  catalog: Catalog,
  inputs: ReadonlyMap<string, JsonObject> = new Map(),
): RunStep[] {
  const steps = new Map<string, RunStep>();
  const visits = new Map<string, number>();
  const nodes = new Map(file.nodes.map((node) => [node.id, node]));
  const open = (at: string, origin: { step: string; node: string; edge?: string | null; lineage?: number }): RunStep => {
    const known = steps.get(origin.step);
    if (known) return known;
    const node = nodes.get(origin.node);
    const visitKey = `${origin.node}/${origin.lineage ?? 0}`;
    const visit = (visits.get(visitKey) ?? 0) + 1;
    visits.set(visitKey, visit);
    const step: RunStep = {
      step: origin.step,
      node: origin.node,
      nodeName: node?.name ?? origin.node,
      type: node?.type ?? '',
      status: 'running',
      visit,
      attempts: 0,
      maxAttempts: node ? maxAttemptsOf(node.config, catalog[node.type]) : null,
      port: null,
      input: inputs.get(origin.step) ?? null,
      output: null,
      problem: null,
      facts: {},
      by: null,
      startedAt: at,
      endedAt: null,
      deadlineAt: null,
      retryAt: null,
      edge: origin.edge ?? null,
    };
    steps.set(origin.step, step);
    return step;
  };
  for (const entry of entries) applyToSteps(entry, open, steps);
  return [...steps.values()];
}

type Open = (at: string, origin: { step: string; node: string; edge?: string | null; lineage?: number }) => RunStep;

function applyToSteps(entry: JournalEntry, open: Open, steps: Map<string, RunStep>): void {
  switch (entry.kind) {
    case 'run-started':
      Object.assign(open(entry.at, entry), { status: 'done', port: entry.port, output: entry.input, endedAt: entry.at, attempts: 1 });
      return;
    case 'step-started':
      Object.assign(open(entry.at, entry), { status: 'running', attempts: entry.attempt, retryAt: null });
      return;
    case 'step-ended':
      endStep(open(entry.at, entry), entry);
      return;
    case 'step-failed':
      Object.assign(open(entry.at, entry), {
        status: entry.isFinal ? 'failed' : 'retrying',
        attempts: entry.attempt,
        problem: entry.problem,
        retryAt: entry.retryAt ?? null,
        facts: entry.facts ?? {},
      });
      return;
    case 'wait-opened':
      Object.assign(open(entry.at, entry), { status: 'waiting', deadlineAt: entry.deadlineAt });
      return;
    case 'wait-continued':
      Object.assign(open(entry.at, entry), { attempts: entry.tries });
      return;
    case 'retried': {
      const step = steps.get(entry.step);
      if (step) Object.assign(step, { status: 'running', problem: null, by: entry.by.name });
      return;
    }
    case 'run-ended':
      for (const step of steps.values())
        if (step.endedAt === null)
          Object.assign(step, {
            status: step.status === 'failed' ? 'failed' : 'skipped',
            endedAt: entry.at,
            by: entry.by?.name ?? step.by,
          });
      return;
    case 'edited':
    case 'jumped':
    case 'paused':
    case 'resumed':
    case 'attention':
    case 'handed-over':
      return;
    default:
      entry satisfies never;
  }
}

function endStep(step: RunStep, entry: Entry<'step-ended'>): void {
  Object.assign(step, {
    status: entry.how === 'skipped' ? 'skipped' : 'done',
    port: entry.port,
    output: entry.output,
    endedAt: entry.at,
    deadlineAt: null,
    retryAt: null,
    attempts: Math.max(step.attempts, 1),
    by: entry.by?.name ?? step.by,
    facts: { ...step.facts, ...entry.facts },
    problem: entry.how === 'gave-up' ? step.problem : null,
  });
}

function maxAttemptsOf(config: JsonObject, definition: Catalog[string] | undefined): number | null {
  if (definition?.kind !== 'effect') return null;
  const parsed = definition.config.safeParse(config);
  return parsed.success ? retryOf(definition, parsed.data).maxAttempts : null;
}

const retryOf = (definition: EffectDefinition, config: Record<string, unknown>) =>
  typeof definition.retry === 'function' ? definition.retry(config) : definition.retry;
