import { setTimeout as wait } from 'node:timers/promises';
import { listActiveChannels, type ChannelSecret, type Pool } from '@holdfast/db';
import type { ChannelAccount } from './channel-adapter.ts';
import { openAccount } from './open-account.ts';
import type { Log } from './receive-deps.ts';

export interface Watching {
  stop: () => Promise<void>;
}

export interface WatchDeps {
  pool: Pool;
  log: Log;
  /** Opens a channel's secret (packages/secrets). */
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
  /** How often new, paused and changed channels are noticed; 2 s when left out. */
  lookEveryMs?: number;
}

interface Kind {
  kind: string;
  isWanted?: (channel: ChannelSecret) => boolean;
  /** Called in every process: the channel's lease decides who of them works. */
  start: (account: ChannelAccount) => Watching;
}

/** Keeps one poller for each active channel of a kind; a new secret or new settings make a new one. */
export function watchChannels(deps: WatchDeps, { kind, isWanted = () => true, start }: Kind): Watching {
  const pollers = new Map<string, Watching>();
  const stopping = new AbortController();
  const look = async () => {
    const wanted = new Map(
      (await listActiveChannels(deps.pool, kind)).filter(isWanted).map((row) => [`${row.id}/${fingerprint(row)}`, row]),
    );
    for (const [key, poller] of pollers) {
      if (wanted.has(key)) continue;
      pollers.delete(key);
      await poller.stop();
    }
    for (const [key, row] of wanted) {
      if (pollers.has(key)) continue;
      const account = openAccount(deps, row);
      if (account?.secret) pollers.set(key, start(account));
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

const fingerprint = ({ secret, config }: ChannelSecret): string => `${secret?.toString('base64') ?? ''}/${JSON.stringify(config)}`;
