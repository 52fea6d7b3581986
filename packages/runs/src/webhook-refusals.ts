import { insertAudit, noteRefusal, type Pool, type Refusal } from '@holdfast/db';
import type { RunsDeps } from './deps.ts';

/** Whoever knocks again and again costs one row in this time. */
const windowMs = 10_000;
/** Beyond this many kinds of refusal at once the newest are not counted. */
const maxKinds = 1_000;

const counting = new WeakMap<Pool, Map<string, number>>();

/** Counts a refused call for the list of deliveries: at once, then what came since, every ten seconds. Nothing is awaited and nothing fails. */
export function countRefusal(deps: Pick<RunsDeps, 'pool' | 'log'>, refusal: Omit<Refusal, 'count'>): void {
  const counts = counting.get(deps.pool) ?? new Map<string, number>();
  counting.set(deps.pool, counts);
  const key = JSON.stringify([refusal.flowId, refusal.nodeId, refusal.code, refusal.detail]);
  const count = counts.get(key);
  if (count !== undefined) counts.set(key, count + 1);
  else if (counts.size < maxKinds) write(deps, counts, key, { ...refusal, count: 1 });
}

function write(deps: Pick<RunsDeps, 'pool' | 'log'>, counts: Map<string, number>, key: string, refusal: Refusal): void {
  counts.set(key, 0);
  setTimeout(() => {
    const count = counts.get(key) ?? 0;
    counts.delete(key);
    if (count > 0) write(deps, counts, key, { ...refusal, count });
  }, windowMs).unref();
  note(deps.pool, refusal).catch((error: unknown) =>
    deps.log.warn({ flow: refusal.flowId, error: String(error) }, 'A refused webhook call could not be counted'),
  );
}

async function note(pool: Pool, refusal: Refusal): Promise<void> {
  const isNew = await noteRefusal(pool, refusal);
  if (isNew && refusal.code === 'auth.signature')
    await insertAudit(pool, {
      workspaceId: refusal.workspaceId,
      actorId: null,
      actorName: 'unknown caller',
      action: 'hook.refused',
      subject: refusal.flowId,
      detail: { node: refusal.nodeId, reason: refusal.detail },
    });
}
