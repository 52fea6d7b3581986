import { setNextFire, takeDueSchedules, transaction, unplannedSchedules, type DueSchedule } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import { Cron } from 'croner';
import { beginRuns, type Begin } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';
import { repeat } from './repeat.ts';

/** Strictly after `after`; null when it never comes round or can't be read. */
export function nextFireAt(config: JsonObject, after: Date): Date | null {
  const { cron, timezone } = config;
  if (typeof cron !== 'string') return null;
  try {
    return new Cron(cron, { timezone: typeof timezone === 'string' ? timezone : 'UTC', paused: true, mode: '5-part' }).nextRun(after);
  } catch {
    return null;
  }
}

/**
 * Starts what is due, each occurrence once however many processes ask. After an outage only the latest missed occurrence is
 * made up for: nobody wants forty reminders at once. Answers the runs started.
 */
export async function fireSchedules(deps: RunsDeps, now: Date): Promise<string[]> {
  const runs = await beginRuns(deps, (begin) =>
    transaction(deps.pool, async (client) => {
      const started: string[] = [];
      for (const due of await takeDueSchedules(client, now)) {
        started.push(await begin(client, firing(due, now)));
        await setNextFire(client, due, nextFireAt(due.config, now));
      }
      return started;
    }),
  );
  for (const each of await unplannedSchedules(deps.pool)) await setNextFire(deps.pool, each, nextFireAt(each.config, now));
  return runs;
}

const firing = (due: DueSchedule, now: Date): Parameters<Begin>[1] => ({
  workspaceId: due.workspaceId,
  flowId: due.flowId,
  versionId: due.versionId,
  triggerNodeId: due.nodeId,
  source: 'schedule',
  conversationId: null,
  contactId: null,
  input: { firedAt: now.toISOString(), scheduledFor: latestMissed(due.config, due.nextFireAt, now).toISOString() },
  port: 'fired',
  file: due.file,
});

/** Of all the times since `first`, the last that is not in the future; looked for at most a thousand occurrences back. */
function latestMissed(config: JsonObject, first: Date, now: Date): Date {
  let latest = first;
  for (let tries = 0; tries < 1_000; tries++) {
    const next = nextFireAt(config, latest);
    if (!next || next > now) return latest;
    latest = next;
  }
  return latest;
}

/** Looks every second. Beside the ringer, in the server process. */
export const startScheduler = (deps: RunsDeps): { stop: () => Promise<void> } =>
  repeat(1_000, () =>
    fireSchedules(deps, new Date()).catch((error: unknown) =>
      deps.log.warn({ error: String(error) }, 'Schedules could not be looked at and will be again'),
    ),
  );
