import type { Saying } from '@holdfast/errors';
import { jsonObject, jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';

/** How a sentence with values was made, so that it can be read in another language. */
export const saying: z.ZodType<Saying> = z.lazy(() => z.object({ key: z.string(), values: z.array(z.union([z.string(), saying])) }));
export const saidParts = z.object({ detail: saying.exactOptional(), hint: saying.exactOptional() });

/** An error as the journal keeps it. */
export const journalProblem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
  path: z.string().optional(),
  said: saidParts.optional(),
});

const at = z.iso.datetime();
const step = z.string();
/** Where a step came from: the identity of a step is hash(parent step, edge), so the same way gives the same id. */
const origin = {
  step,
  node: z.string(),
  parent: z.string().nullable(),
  edge: z.string().nullable(),
  lineage: z.number().int().nonnegative(),
};
const by = z.object({ kind: z.enum(['person', 'system']), name: z.string(), note: z.string().optional() });

/**
 * What a run did, append-only. The interpreter's state is `fold(plan, entries)`; nothing else holds state.
 * A step may be started several times (attempts) but ends once.
 */
export const journalEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run-started'), at, node: z.string(), step, port: z.string(), input: jsonObject }),
  z.object({ kind: z.literal('step-started'), at, ...origin, attempt: z.number().int().positive() }),
  z.object({
    kind: z.literal('step-ended'),
    at,
    ...origin,
    port: z.string(),
    output: jsonValue,
    how: z.enum(['ran', 'timeout', 'skipped', 'gave-up']),
    by: by.optional(),
    /** Attempts, duration, tokens, cost, model switches…; never a secret. */
    facts: jsonObject.optional(),
  }),
  z.object({
    kind: z.literal('step-failed'),
    at,
    ...origin,
    attempt: z.number().int().positive(),
    problem: journalProblem,
    /** True: no further attempt will come by itself; the run needs attention. */
    isFinal: z.boolean(),
    retryAt: at.optional(),
    facts: jsonObject.optional(),
  }),
  z.object({
    kind: z.literal('wait-opened'),
    at,
    ...origin,
    waitFor: z.enum(['reply', 'handoff', 'timer', 'event']),
    deadlineAt: at.nullable(),
    timeoutPort: z.string(),
    handoff: z.string().optional(),
  }),
  /** An answer came that did not end the wait; `tries` counts them. */
  z.object({
    kind: z.literal('wait-continued'),
    at,
    step,
    node: z.string(),
    tries: z.number().int().positive(),
    /** Where the talk moved its end: it went on, so it did not go quiet yet. */
    deadlineAt: at.nullable().optional(),
  }),
  z.object({ kind: z.literal('retried'), at, step, by }),
  z.object({ kind: z.literal('edited'), at, /** New outputs by node id; replaces what later steps read. */ data: jsonObject, by }),
  z.object({ kind: z.literal('jumped'), at, node: z.string(), lineage: z.number().int().positive(), step, by }),
  z.object({ kind: z.literal('paused'), at, by }),
  z.object({ kind: z.literal('resumed'), at, by }),
  z.object({ kind: z.literal('attention'), at, problem: journalProblem, node: z.string().optional() }),
  z.object({ kind: z.literal('handed-over'), at, cause: z.string() }),
  z.object({
    kind: z.literal('run-ended'),
    at,
    outcome: z.enum(['done', 'stopped', 'failed']),
    result: jsonValue.optional(),
    by: by.optional(),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntry>;
export type Entry<K extends JournalEntry['kind']> = Extract<JournalEntry, { kind: K }>;
