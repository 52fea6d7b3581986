import { setTimeout as pause } from 'node:timers/promises';
import {
  findLatelyApplied,
  findOverride,
  hasRun,
  insertAudit,
  insertOverride,
  newId,
  transaction,
  type NewOverride,
  type PoolClient,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import type { ByPerson } from './handoffs.ts';
import { wellFormed } from './well-formed.ts';

export interface OverrideRequest {
  action: 'pause' | 'resume' | 'retry' | 'skip' | 'edit' | 'jump' | 'end';
  node?: string | undefined;
  port?: string | undefined;
  output?: JsonValue | undefined;
  data?: JsonObject | undefined;
  note?: string | undefined;
}

export interface OverrideAnswer {
  id: string;
  state: 'applied' | 'accepted' | 'refused';
  detail: string;
}

const waitMs = 5_000;

/**
 * Writes down what an operator wants and rings; waits up to 5 s until the run's owner has applied it. Who never heard that it was done and asks for the same again is
 * told so. Throws run.ended and resource.missing.
 */
export async function requestOverride(
  deps: RunsDeps,
  args: ByPerson & { runId: string; body: OverrideRequest; /** How long to wait for it; 0 answers at once. */ waitMs?: number },
): Promise<OverrideAnswer> {
  const { action, ...rest } = args.body;
  const given: NewOverride = {
    id: newId('override'),
    workspaceId: args.workspaceId,
    runId: args.runId,
    action,
    args: wellFormed(JSON.parse(JSON.stringify(rest)) as JsonObject), // the body as JSON, without absent fields
    byUserId: args.by.id,
    byName: args.by.name,
  };
  const before = await transaction(deps.pool, (client) => write(client, given)).catch(async (error: unknown) => {
    // A commit whose answer was lost may stand.
    const stands = !(error instanceof HoldfastError) && (await findOverride(deps.pool, given.id).catch(() => null));
    if (!stands) throw error;
    return null;
  });
  if (before !== null) return done(before);
  deps.bell.doorbell(args.runId);
  const answer = await awaitApplied(deps, given.id, args.waitMs ?? waitMs);
  const applied = answer.state === 'refused' ? await findLatelyApplied(deps.pool, given) : null;
  return applied === null ? answer : done(applied);
}

const done = (id: string): OverrideAnswer => ({ id, state: 'applied', detail: 'Done.' });

/** Answers the id of the same act where that has ended the run. */
async function write(client: PoolClient, given: NewOverride): Promise<string | null> {
  if (!(await insertOverride(client, given))) {
    const ended = await findLatelyApplied(client, given);
    if (ended === null) throw await whyNot(client, given);
    return ended;
  }
  await insertAudit(client, {
    workspaceId: given.workspaceId,
    actorId: given.byUserId,
    actorName: given.byName,
    action: `run.${given.action}`,
    subject: given.runId,
    detail: given.args,
  });
  return null;
}

async function whyNot(client: PoolClient, { workspaceId, runId }: NewOverride): Promise<HoldfastError> {
  return (await hasRun(client, workspaceId, runId))
    ? new HoldfastError('run.ended', { detail: 'This run has ended, so nothing more can be done to it.', hint: 'Start a new run.' })
    : new HoldfastError('resource.missing', { detail: 'There is no such run here.' });
}

async function awaitApplied(deps: RunsDeps, id: string, forMs: number): Promise<OverrideAnswer> {
  const deadline = performance.now() + forMs;
  for (let everyMs = 20; ; everyMs = Math.min(250, everyMs * 2)) {
    // It stands: that the database can't be asked how it went is no reason to ask for it again.
    const found = await findOverride(deps.pool, id).catch(() => null);
    if (found?.isApplied) return done(id);
    if (found?.refused) return { id, state: 'refused', detail: detailOf(found.refused) };
    if (performance.now() >= deadline)
      return { id, state: 'accepted', detail: 'It will be applied as soon as the run comes to its next step.' };
    await pause(everyMs);
  }
}

const detailOf = (problem: JsonValue): string =>
  isJsonObject(problem) ? [problem['detail'], problem['hint']].filter((text) => typeof text === 'string').join(' ') : '';
