import { setTimeout as pause } from 'node:timers/promises';
import { findOverride, hasRun, insertAudit, insertOverride, newId, transaction, type PoolClient } from '@holdfast/db';
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

/** Writes down what an operator wants and rings; waits up to 5 s until the run's owner has applied it. Throws run.ended and resource.missing. */
export async function requestOverride(
  deps: RunsDeps,
  args: ByPerson & { runId: string; body: OverrideRequest; /** How long to wait for it; 0 answers at once. */ waitMs?: number },
): Promise<OverrideAnswer> {
  const id = newId('override');
  await transaction(deps.pool, async (client) => {
    const { action, ...rest } = args.body;
    const stored = wellFormed(JSON.parse(JSON.stringify(rest)) as JsonObject); // the body as JSON, without absent fields
    const run = await insertOverride(client, {
      id,
      workspaceId: args.workspaceId,
      runId: args.runId,
      action,
      args: stored,
      byUserId: args.by.id,
      byName: args.by.name,
    });
    if (!run) throw await whyNot(client, args);
    await insertAudit(client, {
      workspaceId: args.workspaceId,
      actorId: args.by.id,
      actorName: args.by.name,
      action: `run.${action}`,
      subject: args.runId,
      detail: stored,
    });
  });
  deps.bell.doorbell(args.runId);
  return awaitApplied(deps, id, args.waitMs ?? waitMs);
}

async function whyNot(client: PoolClient, args: { workspaceId: string; runId: string }): Promise<HoldfastError> {
  return (await hasRun(client, args.workspaceId, args.runId))
    ? new HoldfastError('run.ended', { detail: 'This run has ended, so nothing more can be done to it.', hint: 'Start a new run.' })
    : new HoldfastError('resource.missing', { detail: 'There is no such run here.' });
}

async function awaitApplied(deps: RunsDeps, id: string, forMs: number): Promise<OverrideAnswer> {
  const deadline = performance.now() + forMs;
  for (let everyMs = 20; ; everyMs = Math.min(250, everyMs * 2)) {
    const found = await findOverride(deps.pool, id);
    if (found?.isApplied) return { id, state: 'applied', detail: 'Done.' };
    if (found?.refused) return { id, state: 'refused', detail: detailOf(found.refused) };
    if (performance.now() >= deadline)
      return { id, state: 'accepted', detail: 'It will be applied as soon as the run comes to its next step.' };
    await pause(everyMs);
  }
}

const detailOf = (problem: JsonValue): string =>
  isJsonObject(problem) ? [problem['detail'], problem['hint']].filter((text) => typeof text === 'string').join(' ') : '';
