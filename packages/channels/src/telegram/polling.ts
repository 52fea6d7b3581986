import { watchChannels, type WatchDeps, type Watching } from '../watch-channels.ts';
import { startPoller, type PollingDeps } from './poller.ts';

export interface TelegramPollingDeps extends PollingDeps, Pick<WatchDeps, 'openSecret' | 'lookEveryMs'> {}

/** Polls every active Telegram channel that is not on a webhook: several processes may call this, each channel is polled by one of them. */
export const startTelegramPolling = (deps: TelegramPollingDeps): Watching =>
  watchChannels(deps, {
    kind: 'telegram',
    isWanted: ({ config }) => config['delivery'] !== 'webhook',
    start: (account) => startPoller(deps, account),
  });
