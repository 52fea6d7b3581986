import { holdPollingLease, newId, parkEvent, savePollOffset, stopChannel, type Queryable } from '@holdfast/db';
import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import { cleanJson, jsonObject, type JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import { tellHealth, type ToldHealth } from '../channel-health.ts';
import { backoffMs, keepPollingLease, pause, renewEveryMs, startPolling } from '../polling-lease.ts';
import type { Watching } from '../watch-channels.ts';
import { allowedUpdates } from './connect.ts';
import { parseUpdate } from './parse-update.ts';
import { receiveTelegramUpdates, type TelegramReceiveDeps } from './receive.ts';
import { explainRefusal } from './refusal.ts';
import { clientFor } from './telegram-adapter.ts';
import { TelegramRefusal } from './telegram-client.ts';

export interface PollingDeps extends TelegramReceiveDeps {
  /** This process's id in `leases`. */
  process: string;
  /** How long one call waits for something new; 25 s when left out. Telegram allows 50. */
  pollSeconds?: number;
  /** First pause after a failure; doubles up to 30 times as long. 1 s when left out. */
  firstPauseMs?: number;
}

const triesPerUpdate = 3;
const numbered = z.object({ update_id: z.number().int() });

/** Long polling of one bot, while this process holds its lease. Ends by itself when the token is refused. */
export const startPoller = (deps: PollingDeps, account: ChannelAccount): Watching =>
  startPolling(deps, account, (signal) => pollForEver(deps, account, signal));

interface Poll extends ToldHealth {
  deps: PollingDeps;
  account: ChannelAccount;
  signal: AbortSignal;
  failures: number;
}

async function pollForEver(deps: PollingDeps, account: ChannelAccount, signal: AbortSignal): Promise<void> {
  const poll: Poll = { deps, account, signal, failures: 0, problem: null };
  while (!signal.aborted) {
    try {
      const held = await holdPollingLease(deps.pool, { channelId: account.id, process: deps.process });
      if (held === null) {
        await pause(renewEveryMs, signal);
        continue;
      }
      await pollOnce(poll, held.offset);
      poll.failures = 0;
      await tellHealth(deps, account, poll, null);
    } catch (error) {
      if (signal.aborted || !(await recover(poll, error))) return;
    }
  }
}

async function pollOnce(poll: Poll, offset: number | null): Promise<void> {
  const { deps, account } = poll;
  const seconds = deps.pollSeconds ?? 25;
  const updates = await whileHeld(poll, (signal) =>
    clientFor(deps.telegram, account).call(
      'getUpdates',
      { timeout: seconds, limit: 100, allowed_updates: allowedUpdates, ...(offset === null ? {} : { offset }) },
      { timeoutMs: (seconds + 10) * 1_000, signal },
    ),
  );
  if (!Array.isArray(updates) || updates.length === 0) return;
  await takeIn(poll, updates);
}

/** The next update to ask for, saved with what these updates brought, or not at all. */
function movePast({ deps, account }: Poll, updates: readonly JsonValue[]): (db: Queryable) => Promise<void> {
  const ids = updates.map((update) => numbered.safeParse(update).data?.update_id ?? 0);
  return (db) => savePollOffset(db, { channelId: account.id, process: deps.process, offset: Math.max(...ids) + 1 });
}

/** Renews the lease while the call waits, and cuts the call when the lease or the channel is gone. */
async function whileHeld<T>({ deps, account, signal }: Poll, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const letGo = keepPollingLease(deps.pool, { channelId: account.id, process: deps.process }, () => lost.abort());
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    letGo();
  }
}

/** A batch at once; when that fails again and again, one by one, so that a single update can't hold up the others. */
async function takeIn(poll: Poll, updates: readonly JsonValue[]): Promise<void> {
  const { deps, account } = poll;
  if (poll.failures < triesPerUpdate) return receiveTelegramUpdates(deps, account, updates, movePast(poll, updates));
  for (const update of updates) {
    try {
      await receiveTelegramUpdates(deps, account, [update], movePast(poll, [update]));
    } catch (error) {
      await park(poll, update, asHoldfastError(error));
      await movePast(poll, [update])(deps.pool);
    }
  }
}

/** Fails when the database is away; then nothing is parked and all is tried again. */
async function park({ deps, account }: Poll, update: JsonValue, error: HoldfastError): Promise<void> {
  for (const event of parseUpdate(update, account)) {
    await parkEvent(deps.pool, {
      id: newId('inbox'),
      workspaceId: account.workspaceId,
      channelId: account.id,
      eventId: event.eventId,
      kind: event.kind,
      payload: jsonObject.parse(cleanJson(JSON.parse(JSON.stringify(event)))),
      problem: { ...toProblem(error) },
    });
    deps.log.error(
      { channel: account.id, event: event.eventId, code: error.code },
      'An update could not be taken in; it is parked in the inbox table.',
    );
  }
}

/** Answers whether to go on. */
async function recover(poll: Poll, thrown: unknown): Promise<boolean> {
  const { deps, account, signal } = poll;
  poll.failures += 1;
  const firstPause = deps.firstPauseMs ?? 1_000;
  const backoff = backoffMs(poll.failures, { firstMs: firstPause, most: 30 });
  if (thrown instanceof TelegramRefusal && thrown.status === 409)
    return recoverFromConflict(poll, thrown, Math.max(backoff, firstPause * 3));
  const error = thrown instanceof TelegramRefusal ? explainRefusal(thrown) : asHoldfastError(thrown);
  if (error.code === 'channel.token') {
    deps.log.error({ channel: account.id, code: error.code }, 'The provider refused the channel; it is stopped.');
    await stopChannel(deps.pool, { ...account, problem: { ...toProblem(error) } });
    return false;
  }
  deps.log.warn({ channel: account.id, code: error.code, failures: poll.failures }, 'Polling failed; trying again.');
  if (poll.failures >= 3) await tellHealth(deps, account, poll, error);
  await pause(Math.max(backoff, error.retryAfterMs ?? 0), signal);
  return true;
}

async function recoverFromConflict(poll: Poll, refusal: TelegramRefusal, pauseMs: number): Promise<boolean> {
  const { deps, account, signal } = poll;
  if (refusal.description.includes('webhook is active')) {
    // Our own setting says polling; a webhook that somebody left behind would swallow every message.
    await clientFor(deps.telegram, account)
      .call('deleteWebhook', {})
      .catch(() => undefined);
    await pause(deps.firstPauseMs ?? 1_000, signal);
    return true;
  }
  await tellHealth(
    deps,
    account,
    poll,
    new HoldfastError('resource.conflict', {
      detail: say`Another program polls the same bot. Telegram said: ${refusal.description}`,
      hint: 'Stop the other program, or give one of them a bot of its own.',
    }),
  );
  await pause(pauseMs, signal);
  return true;
}
