import { setTimeout as pause } from 'node:timers/promises';
import {
  claimConnections,
  claimWatches,
  insertAlertOnce,
  newId,
  planTopics,
  planWatches,
  settleConnection,
  type DueConnection,
  type DueWatch,
} from '@holdfast/db';
import { asHoldfastError, toProblem } from '@holdfast/errors';
import { repeat } from '@holdfast/runs';
import type { TriggerDeps } from './deps.ts';
import { lookAtSheet, settleFailedLook } from './google-sheets/look-at-sheet.ts';
import { lookAfterBooks } from './quickbooks/look-after-books.ts';
import { lookAfterShop } from './shopify/look-after-shop.ts';

const mostAtOnce = 6;
/** A process that dies is noticed sooner, by its lease; this is for one that hangs. */
const heldForSeconds = 600;
const firstRetryMs = 15_000;
const patienceMs = 5_000;

/** Looks after what triggers of connected systems need: subscriptions, what was missed, and sheets. Several processes may call this; one is at each. */
export function startTriggers(deps: TriggerDeps): { stop: () => Promise<void> } {
  const underway = new Set<Promise<void>>();
  let isStopping = false;
  const begin = (work: Promise<void>) => {
    const one = work
      .catch((error: unknown) => deps.runs.log.error({ err: error }, 'What a trigger needs could not be looked after'))
      .finally(() => underway.delete(one));
    underway.add(one);
  };
  const look = async () => {
    if (!isStopping) await lookAround(deps, { room: () => mostAtOnce - underway.size, begin });
  };
  const rounds = repeat(deps.pace.lookEveryMs, () =>
    look().catch((error: unknown) =>
      deps.runs.log.warn({ error: String(error) }, 'Triggers of connected systems could not be looked after and will be again'),
    ),
  );
  return {
    stop: async () => {
      isStopping = true;
      await rounds.stop();
      // What is cut off anywhere is done again by whoever comes next.
      await Promise.race([Promise.all(underway), pause(patienceMs, undefined, { ref: false })]);
    },
  };
}

/** Begins what is due and nobody else is at. */
export async function lookAround(
  deps: TriggerDeps,
  { room, begin }: { room: () => number; begin: (work: Promise<void>) => void },
): Promise<void> {
  const { pool } = deps.runs;
  await planTopics(pool);
  await planWatches(pool);
  const claim = () => ({ process: deps.process, limit: Math.max(0, room()), forSeconds: heldForSeconds });
  for (const due of await claimConnections(pool, claim())) begin(lookAfter(deps, due));
  for (const due of await claimWatches(pool, claim())) begin(watch(deps, due));
}

async function lookAfter(deps: TriggerDeps, due: DueConnection): Promise<void> {
  const { checkEveryMs, random } = deps.pace;
  const settle = (nextInMs: number, problem: Parameters<typeof settleConnection>[1]['problem']) =>
    settleConnection(deps.runs.pool, { ...due, process: deps.process, nextInMs, problem });
  try {
    if (due.kind === 'shopify') await lookAfterShop(deps, due);
    if (due.kind === 'quickbooks') await lookAfterBooks(deps, due);
    await settle(checkEveryMs * (0.8 + 0.4 * random()), null);
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'internal');
    const pauseMs = firstRetryMs * 2 ** Math.min(due.failures, 10);
    await settle(Math.min(checkEveryMs, error.retryAfterMs ?? pauseMs), { ...toProblem(error) });
    // That a connection needs a person is told by whoever watches connections.
    const isToldElsewhere = error.code === 'upstream.limited' || error.code.startsWith('credential.');
    if (!isToldElsewhere && due.failures === 3) await tellTrouble(deps, due, error.detail);
  }
}

const tellTrouble = (deps: TriggerDeps, { workspaceId, credentialId, settings, account }: DueConnection, detail: string) =>
  insertAlertOnce(deps.runs.pool, {
    id: newId('alert'),
    workspaceId,
    event: 'trigger.broken',
    subject: credentialId,
    title: `It can’t be made sure that ${settings['shop'] ?? account['realmId'] ?? 'a connected system'} tells us what happens`,
    detail,
    link: '/connections',
  });

async function watch(deps: TriggerDeps, due: DueWatch): Promise<void> {
  try {
    await lookAtSheet(deps, due);
  } catch (thrown) {
    await settleFailedLook(deps, due, asHoldfastError(thrown, 'internal'));
  }
}
