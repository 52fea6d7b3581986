import { advance, compile, fold, rootStepId, type FlowFile, type JournalEntry } from '@holdfast/graph';
import type { Catalog, JsonObject } from '@holdfast/node-kit';
import { chance } from './chance.ts';
import type { Received, Reply } from './fakes/http-service.ts';
import type { RandomFlowOptions, StepKind } from './random-flow.ts';

/** Real steps that call a service which `luckyReply` plays: repeatable and unrepeatable calls, waits, forks, joins, cycles. */
export function callingSteps(catalog: Catalog, service: string): NonNullable<RandomFlowOptions['drawn']> {
  const tries = { firstDelay: '20ms', maxDelay: '40ms', attempts: 3, timeout: '5s' };
  const post = { type: 'api-call', config: { ...tries, method: 'POST', url: `${service}/post`, bodyKind: 'json', body: '{"a": 1}' } };
  const get: StepKind = { type: 'api-call', config: { ...tries, url: `${service}/get` } };
  return {
    catalog,
    start: { type: 'webhook-trigger', config: { path: 'random-flow' } },
    kinds: [
      get,
      get,
      post,
      { ...post, config: { ...post.config, url: `${service}/keyed`, idempotencyHeader: 'Idempotency-Key' } },
      { type: 'set-data', config: { fields: [{ name: 'seen', value: '{{ trigger.body.seed }}' }] } },
      odd,
      { type: 'wait', config: { duration: '50ms' } },
      { type: 'join', config: { mode: 'all' } },
      { type: 'join', config: { mode: 'all' } },
      { type: 'end', config: {} },
    ],
  };
}

const odd: StepKind = {
  type: 'condition',
  config: { cases: [{ id: 'yes', name: 'Yes', when: { all: [{ field: 'trigger.body.isOdd', operator: 'is', value: 'yes' }] } }] },
};

/** The same step's same attempt meets the same luck in every execution: failures first, as many as the seed says, then an answer. */
export function luckyReply(seed: number): (request: Received) => Reply {
  const seen = new Map<string, number>();
  return ({ headers, path }) => {
    const step = String(headers['x-step']);
    const attempt = (seen.get(step) ?? 0) + 1;
    seen.set(step, attempt);
    const failures = [0, 0, 0, 0, 1, 1, 2, 9][chance(seed, step) % 8] ?? 0;
    if (attempt > failures)
      return chance(seed, `${step} answer`) % 4 === 0 ? { status: 404, body: { no: step.length } } : { body: { ok: true } };
    const ways: readonly Reply[] = path === '/post' ? unrepeatable : repeatable;
    return ways[chance(seed, `${step} ${attempt}`) % ways.length] ?? {};
  };
}

const repeatable: readonly Reply[] = [{ status: 500 }, { status: 503 }, { status: 429 }, { status: 408 }, 'cut', 'half', 'garbage'];
/** After all but a 503 nobody knows whether it happened, so the step needs a person. */
const unrepeatable: readonly Reply[] = [{ status: 503 }, { status: 503 }, { status: 503 }, { status: 500 }, 'cut'];

/** What BEGIN writes first; the run's id makes all its steps' ids. */
export const startedEntry = (run: { id: string; node: string; port: string; input: JsonObject }): JournalEntry => ({
  kind: 'run-started',
  at: new Date().toISOString(),
  node: run.node,
  step: rootStepId(run.id),
  port: run.port,
  input: run.input,
});

/** How far a run is: `open` while something is still to come, `done`, `attention`, or `bound` when its flow's limit stopped it somewhere. */
export function standingOf(catalog: Catalog, file: FlowFile, entries: readonly JournalEntry[]): 'open' | 'done' | 'attention' | 'bound' {
  const plan = compile(file, 'version_test', catalog);
  const state = fold(plan, entries);
  const next = advance(plan, state);
  if (state.status === 'ended') return 'done';
  if (next.isOverBound) return entries.at(-1)?.kind === 'attention' || state.status === 'attention' ? 'bound' : 'open';
  if (next.ready.length + next.unfinished.length + next.waiting.length > 0 || next.isDone) return 'open';
  return 'attention';
}
