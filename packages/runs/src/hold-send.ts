import { holdSend as hold, type Pool } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';

/** Whoever resumes the channel rings; without that ring a send comes by itself, the longer it has waited the more seldom. */
const looks = { firstMs: 10_000, lastMs: 300_000 } as const;

/** A send waits in the queue of its channel, where people see it. */
export async function holdSend(
  pool: Pool,
  { runId, stepId, conversationId }: { runId: string; stepId: string; conversationId: string },
): Promise<{ notBefore: Date; facts: JsonObject }> {
  const { heldMs, provider } = await hold(pool, { runId, stepId, conversationId, forMs: looks.lastMs });
  const forMs = Math.min(looks.lastMs, Math.max(looks.firstMs, heldMs / 2));
  return { notBefore: new Date(Date.now() + forMs), facts: { provider } };
}
