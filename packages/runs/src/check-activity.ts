import {
  countActivity,
  forgetExpectations,
  insertAlert,
  insertExpectation,
  moveExpectation,
  newId,
  notifyLive,
  takeDueExpectations,
  transaction,
  unplannedExpectations,
  type DueExpectation,
  type PoolClient,
} from '@holdfast/db';
import { latestEnded, windowAfter } from './activity-windows.ts';
import type { RunsDeps } from './deps.ts';
import { repeat } from './repeat.ts';

/** What came in at the last moment of a window may still be on its way into the database. */
const graceMs = 60_000;

/**
 * Plans the windows of live triggers that expect something, and tells people of those that ended with too little: once each, however many processes
 * look. A flow's first window is the first that begins after it went live, so nobody is told of half a day.
 */
export async function checkActivity(deps: Pick<RunsDeps, 'pool'>, now: Date): Promise<void> {
  await forgetExpectations(deps.pool);
  for (const trigger of await unplannedExpectations(deps.pool)) {
    const window = windowAfter(trigger.expects, now);
    if (window) await insertExpectation(deps.pool, { ...trigger, ...window });
  }
  const told = await transaction(deps.pool, async (client) => {
    const due = await takeDueExpectations(client, new Date(now.getTime() - graceMs));
    for (const each of due) await settle(client, each, now);
    return due;
  });
  // The revision is the reader's own concern: the list is asked for again.
  for (const { workspaceId, flowId } of told) notifyLive(deps.pool, workspaceId, { kind: 'flow', flow: flowId, revision: 0 });
}

/** Looks every 30 s. Beside the scheduler, in the server process. */
export const startActivityChecks = (deps: Pick<RunsDeps, 'pool' | 'log'>): { stop: () => Promise<void> } =>
  repeat(30_000, () =>
    checkActivity(deps, new Date()).catch((error: unknown) =>
      deps.log.warn({ error: String(error) }, 'Expected activity could not be looked at and will be again'),
    ),
  );

async function settle(client: PoolClient, due: DueExpectation, now: Date): Promise<void> {
  const ended = latestEnded(due.expects, due, new Date(now.getTime() - graceMs));
  const { count, lastAt } = await countActivity(client, { ...due, ...ended, limit: due.expects.atLeast });
  const isMissed = count < due.expects.atLeast;
  // A window that is under way by now counts in full; so does one of a whole day, which begins as the last ends.
  const next = windowAfter(due.expects, new Date(ended.from.getTime() + 1));
  if (next) await moveExpectation(client, { ...due, ...next, missed: isMissed ? { ...ended, count } : null });
  if (isMissed) await tell(client, due, { ...ended, count, lastAt });
}

async function tell(
  client: PoolClient,
  { workspaceId, flowId, flowName, nodeName, expects }: DueExpectation,
  found: { from: Date; until: Date; count: number; lastAt: Date | null },
): Promise<void> {
  const { atLeast, timezone } = expects;
  const say = (at: Date) => momentIn(timezone, at);
  await insertAlert(client, {
    id: newId('alert'),
    workspaceId,
    event: 'flow.silent',
    subject: flowId,
    title: found.count === 0 ? `"${flowName}" heard nothing` : `"${flowName}" heard too little`,
    detail:
      `"${nodeName}" expects at least ${atLeast} ${atLeast === 1 ? 'run' : 'runs'} from ${say(found.from)} to ${say(found.until)} (${timezone}), and ` +
      `${found.count === 0 ? 'none' : `only ${found.count}`} came. ${found.lastAt ? `The last one came on ${say(found.lastAt)}.` : 'None ever came.'} ` +
      'Look whether the other side still sends, and whether its address or key has changed.',
    link: `/flows/${flowId}`,
  });
}

const momentIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
