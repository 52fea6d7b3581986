import { holdPollingLease, noteChannelFacts, stopChannel } from '@holdfast/db';
import type { Egress } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import type { ImapFlow } from 'imapflow';
import type { ChannelAccount } from '../channel-adapter.ts';
import { tellHealth, type ToldHealth } from '../channel-health.ts';
import { backoffMs, keepPollingLease, pause, renewEveryMs, startPolling } from '../polling-lease.ts';
import { watchChannels, type WatchDeps, type Watching } from '../watch-channels.ts';
import { explainMailError } from './explain-mail-error.ts';
import { readFolder } from './mail-folder.ts';
import { mailboxOf, type Mailbox } from './mailbox-account.ts';
import { openImap } from './open-imap.ts';
import type { ReceiveMailDeps } from './receive-mail.ts';
import { watchRecords, type WatchRecordsDeps } from './watch-records.ts';

export interface MailPollingDeps extends ReceiveMailDeps, WatchRecordsDeps {
  egress: Egress;
  /** This process's id in `leases`. */
  process: string;
  /** How often folders are looked at where the server can't tell us (no IDLE, or further folders); 20 s when left out. */
  pollMs?: number;
  /** First pause after a failure; doubles up to 60 times as long. 1 s when left out. */
  firstPauseMs?: number;
}

const pollMs = 20_000;
/** With IDLE the server speaks up; this rarer look, once a minute, is for the one that forgot. */
const idleLooks = 3;
/** Mail providers refuse a good password now and then, when they are busy. */
const refusalsUntilBroken = 3;

/** Reads every active mailbox, for ever: several processes may call this, each mailbox is read by one of them. */
export const startMailPolling = (deps: MailPollingDeps & Pick<WatchDeps, 'openSecret' | 'lookEveryMs'>): Watching =>
  watchChannels(deps, {
    kind: 'email',
    start: (account) =>
      startPolling(deps, account, (signal) => readForEver({ deps, account, signal, failures: 0, refusals: 0, problem: null })),
  });

interface Poll extends ToldHealth {
  deps: MailPollingDeps;
  account: ChannelAccount;
  signal: AbortSignal;
  failures: number;
  /** How often in a row the login was refused. */
  refusals: number;
}

async function readForEver(poll: Poll): Promise<void> {
  const { deps, account, signal } = poll;
  while (!signal.aborted) {
    try {
      if ((await holdPollingLease(deps.pool, { channelId: account.id, process: deps.process })) === null) await pause(renewEveryMs, signal);
      else await readWhileHeld(poll);
    } catch (error) {
      if (signal.aborted || !(await recover(poll, error))) return;
    }
  }
}

/** One connection, until it ends, the lease is lost or the poller is stopped. */
async function readWhileHeld(poll: Poll): Promise<void> {
  const { deps, account } = poll;
  const mailbox = mailboxOf(account);
  const client = await openImap(deps.egress, mailbox);
  const close = () => client.close();
  const letGo = keepPollingLease(deps.pool, { channelId: account.id, process: deps.process }, close);
  poll.signal.addEventListener('abort', close);
  try {
    poll.refusals = 0;
    await noteChannelFacts(deps.pool, { workspaceId: account.workspaceId, id: account.id, facts: { idle: hasIdle(client) } });
    while (client.usable && !poll.signal.aborted) await readOnce(poll, mailbox, client);
  } catch (error) {
    // What a cut connection makes of the command that was under way says nothing.
    throw client.usable || error instanceof HoldfastError ? error : explainMailError(error, { server: mailbox.config.imap, use: 'imap' });
  } finally {
    letGo();
    poll.signal.removeEventListener('abort', close);
    client.close();
  }
}

async function readOnce(poll: Poll, mailbox: Mailbox, client: ImapFlow): Promise<void> {
  const { deps, account, signal } = poll;
  const { folders } = mailbox.config;
  const news = listenForNews(client);
  try {
    // The first one last: it stays open, and what comes to it is told.
    for (const folder of folders.toReversed()) await readFolder({ deps, account, mailbox, client, signal }, folder);
    poll.failures = 0;
    // Reading goes on meanwhile.
    watchRecords(deps, account).catch((error: unknown) =>
      deps.log.warn({ channel: account.id, err: error }, 'A domain’s records could not be checked.'),
    );
    await tellHealth(deps, account, poll, null);
    await news.wait((deps.pollMs ?? pollMs) * (hasIdle(client) && folders.length === 1 ? idleLooks : 1), signal);
  } finally {
    news.close();
  }
}

const hasIdle = (client: ImapFlow): boolean => client.capabilities.has('IDLE');

/** Listens from before the folder is read: what comes meanwhile is noticed too. */
function listenForNews(client: ImapFlow): { wait: (ms: number, signal: AbortSignal) => Promise<void>; close: () => void } {
  const heard = new AbortController();
  const onNews = () => heard.abort();
  client.on('exists', onNews);
  client.on('close', onNews);
  return {
    wait: async (ms, signal) => {
      if (heard.signal.aborted || !client.usable) return;
      // Ends with the next command.
      if (hasIdle(client)) client.idle().catch(() => undefined);
      await pause(ms, AbortSignal.any([heard.signal, signal]));
    },
    close: () => {
      client.off('exists', onNews);
      client.off('close', onNews);
    },
  };
}

/** Answers whether to go on. */
async function recover(poll: Poll, thrown: unknown): Promise<boolean> {
  const { deps, account, signal } = poll;
  const error = asHoldfastError(thrown);
  poll.failures += 1;
  if (error.code === 'channel.token') poll.refusals += 1;
  if (error.code === 'channel.incomplete' || poll.refusals >= refusalsUntilBroken) {
    deps.log.error({ channel: account.id, code: error.code }, 'The provider refused the channel; it is stopped.');
    await stopChannel(deps.pool, { ...account, problem: { ...toProblem(error) } });
    return false;
  }
  deps.log.warn({ channel: account.id, code: error.code, failures: poll.failures }, 'A mailbox could not be read; trying again.');
  if (poll.failures >= 3) await tellHealth(deps, account, poll, error);
  await pause(backoffMs(poll.failures, { firstMs: deps.firstPauseMs ?? 1_000, most: 60 }), signal);
  return true;
}
