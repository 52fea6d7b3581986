import { setTimeout as wait } from 'node:timers/promises';
import { listActiveChannels, type ChannelSecret } from '@holdfast/db';
import { openAccount } from '../open-account.ts';
import { startPoller, type PollingDeps } from './poller.ts';

export interface TelegramPollingDeps extends PollingDeps {
  /** Opens a channel's token (packages/secrets). */
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
  /** How often new, paused and changed channels are noticed; 2 s when left out. */
  lookEveryMs?: number;
}

/** Polls every active Telegram channel that is not on a webhook: several processes may call this, each channel is polled by one of them. */
export function startTelegramPolling(deps: TelegramPollingDeps): { stop: () => Promise<void> } {
  const pollers = new Map<string, { secret: string; stop: () => Promise<void> }>();
  const stopping = new AbortController();
  const look = async () => {
    const wanted = new Map(
      (await listActiveChannels(deps.pool, 'telegram'))
        .filter(({ config }) => config['delivery'] !== 'webhook')
        .map((row) => [`${row.id}/${fingerprint(row)}`, row]),
    );
    for (const [key, poller] of pollers) {
      if (wanted.has(key)) continue;
      pollers.delete(key);
      await poller.stop();
    }
    for (const [key, row] of wanted) {
      if (pollers.has(key)) continue;
      const account = openAccount(deps, row);
      if (account?.secret) pollers.set(key, { secret: account.secret, ...startPoller(deps, account) });
    }
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => deps.log.warn({ err: error }, 'The channels to poll could not be read; trying again.'));
      await wait(deps.lookEveryMs ?? 2_000, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all([...pollers.values()].map((poller) => poller.stop()));
    },
  };
}

/** A new token or new settings mean a new poller. */
const fingerprint = ({ secret, config }: ChannelSecret): string => `${secret?.toString('base64') ?? ''}/${JSON.stringify(config)}`;
