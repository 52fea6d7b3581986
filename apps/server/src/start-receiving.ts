import {
  createServices,
  startFileFetching,
  startMailPolling,
  startTelegramPolling,
  type Adapters,
  type ChannelOptions,
  type ChannelServices,
} from '@holdfast/channels';
import { ingestChannelEvents, type RunsDeps } from '@holdfast/runs';
import type { RunSideGiven } from './run-side.ts';

interface Receiver {
  runs: RunsDeps;
  channels: ChannelOptions;
  adapters: Adapters;
  process: string;
}

type Events = Parameters<typeof ingestChannelEvents>;

/** What comes in: webhooks of channels, Telegram and mailboxes that are asked for news, and the files of messages. */
export function startReceiving(
  { pool, logger: log, secrets, egress, settings }: RunSideGiven,
  { runs, channels, adapters, process }: Receiver,
): { services: ChannelServices; stop: () => Promise<unknown> } {
  const { open: openSecret } = secrets;
  const files = startFileFetching({ pool, log, adapters, openSecret, onReady: runs.bell.conversation });
  const receive = {
    pool,
    log,
    onEvents: (channel: Events[1], events: Events[2], options?: Events[3]) =>
      ingestChannelEvents(runs, channel, events, options).then((taken) => {
        if (events.some(({ attachments }) => attachments.length > 0)) files.ring();
        return taken;
      }),
  };
  const telegram = startTelegramPolling({ ...receive, telegram: { egress, apiUrl: settings.telegramApiUrl }, openSecret, process });
  const mail = startMailPolling({
    pool,
    egress,
    log,
    onEvents: (channel, events, options) => ingestChannelEvents(runs, channel, events, options),
    openSecret,
    process,
  });
  return {
    services: createServices(channels, { ...receive, openSecret }),
    stop: () => Promise.all([telegram.stop(), mail.stop(), files.stop()]),
  };
}
