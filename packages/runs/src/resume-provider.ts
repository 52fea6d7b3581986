import { setTimeout as pause } from 'node:timers/promises';
import { resumeProvider as letGo } from '@holdfast/db';
import type { RunsDeps } from './deps.ts';

/** Those who waited come one after the other. */
const ringEveryMs = 10;

/** Calls to a provider go out again. Who waited is rung in order, beside; a ring that is lost is made up for within 5 minutes, when the call comes by itself. */
export async function resumeProvider(
  { pool, bell, log }: RunsDeps,
  provider: { workspaceId: string; key: string },
): Promise<{ count: number }> {
  const waiting = await letGo(pool, provider);
  const ring = async () => {
    for (const runId of waiting) {
      bell.doorbell(runId);
      await pause(ringEveryMs);
    }
  };
  ring().catch((error: unknown) => log.warn({ error: String(error), provider: provider.key }, 'Waiting calls were not all rung'));
  return { count: waiting.length };
}
