import {
  createAdapters,
  createServices,
  startFileFetching,
  startMailPolling,
  startTelegramPolling,
  type Adapters,
  type ChannelOptions,
  type ChannelServices,
} from '@holdfast/channels';
import { createPool, createTogether, insertLlmCall, loadSettings, type Pool } from '@holdfast/db';
import type { Databases } from '@holdfast/databases';
import { createDelivery } from '@holdfast/delivery';
import type { Egress } from '@holdfast/egress';
import type { Providers } from '@holdfast/providers';
import { createLlm } from '@holdfast/llm';
import { modelPrice } from '@holdfast/contracts';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import {
  createResultWaiters,
  createRinger,
  createTally,
  findCommonAnswer,
  ingestChannelEvents,
  startActivityChecks,
  startLease,
  startRepairs,
  startScheduler,
  type Bell,
  type EagerRoom,
  type ExpressLane,
  type Lease,
  type RunsDeps,
  type Tally,
  type TryDeps,
} from '@holdfast/runs';
import { createCredentials, findOpenCredential, type Secrets } from '@holdfast/secrets';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { RunActions } from './deps.ts';
import { createRunActions } from './run-actions.ts';
import type { ServerSettings } from './server-settings.ts';
import { startTriggerSide, type TriggerSide } from './triggers/trigger-side.ts';
import { connectTemporal, type TemporalAccess } from './temporal-access.ts';

export interface RunSideOptions {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace?: string;
  /** The worker's connection in the all-in-one process, so that starts can be eager. */
  temporal?: TemporalAccess;
  eager?: EagerRoom;
  /** What executes runs in the all-in-one process, with the lease for both. Without it runs are queued for the workers. */
  execution?: { lease: Lease; express: ExpressLane; handOvers: Tally; useBell: (bell: Bell) => void };
}

interface Given {
  options: RunSideOptions;
  settings: ServerSettings;
  logger: Logger;
  pool: Pool;
  secrets: Secrets;
  egress: Egress;
  /** Pauses, limits and health hold for what people write and try, too. */
  providers: Providers;
  databases: Databases;
}

export interface RunSide {
  /** This process's id in `leases`. */
  process: string;
  actions: RunActions;
  isTemporalUp: () => Promise<boolean>;
  channels: ChannelServices;
  adapters: Adapters;
  triggers: Omit<TriggerSide, 'stop'>;
  stop: () => Promise<void>;
}

/** Everything beside the API that keeps runs going: lease, ringer, scheduler, pollers, people's messages. */
export function startRunSide({ options, settings, logger, pool, secrets, egress, providers, databases }: Given): RunSide {
  const temporal =
    options.temporal ??
    connectTemporal({
      address: options.temporalAddress,
      namespace: options.temporalNamespace ?? 'default',
      apiKey: settings.temporalApiKey,
      tls: settings.temporalTls,
    });
  const { execution } = options;
  const handOvers = execution?.handOvers ?? createTally();
  const lease = execution?.lease ?? startOwnLease(options.databaseUrl, logger, handOvers);
  const channelOptions: ChannelOptions = { egress, apiUrls: apiUrlsOf(settings), guard: providers.guard };
  const adapters = createAdapters(channelOptions);
  const delivery = createDelivery({
    pool,
    adapters,
    openSecret: secrets.open,
    process: lease.process,
    log: logger,
    gate: providers.sends,
  });
  const dispatcher = delivery.startDispatcher();
  const waiters = createResultWaiters(pool);
  const lanes = { express: execution?.express ?? null, forcedLane: settings.forcedLane, handOvers };
  const ringer = createRinger({
    pool,
    catalog,
    log: logger,
    ...lanes,
    temporal: temporal.client,
    eager: options.eager ?? null,
    onHumanSend: dispatcher.ring,
    onEnded: waiters.ended,
    onSomeEnded: waiters.look,
  });
  execution?.useBell(ringer.bell);
  const runs: RunsDeps = { pool, catalog, log: logger, bell: ringer.bell, ...lanes };
  const scheduler = startScheduler(runs);
  const triggers = startTriggerSide({ pool, secrets, egress, runs, process: lease.process, publicUrl: settings.publicUrl });
  const repairs = startRepairs(runs);
  const activity = startActivityChecks(runs);
  const files = startFileFetching({ pool, log: logger, adapters, openSecret: secrets.open, onReady: ringer.bell.conversation });
  const receive = {
    pool,
    log: logger,
    onEvents: (
      channel: { id: string; workspaceId: string; kind: string },
      events: Parameters<typeof ingestChannelEvents>[2],
      options?: Parameters<typeof ingestChannelEvents>[3],
    ) =>
      ingestChannelEvents(runs, channel, events, options).then((taken) => {
        if (events.some(({ attachments }) => attachments.length > 0)) files.ring();
        return taken;
      }),
  };
  const polling = startTelegramPolling({
    ...receive,
    telegram: { egress, apiUrl: settings.telegramApiUrl },
    openSecret: secrets.open,
    process: lease.process,
  });
  const mail = startMailPolling({
    pool,
    egress,
    log: logger,
    onEvents: (channel, events, options) => ingestChannelEvents(runs, channel, events, options),
    openSecret: secrets.open,
    process: lease.process,
  });
  return {
    process: lease.process,
    actions: createRunActions({ runs, waiters, delivery, tryDeps: tryDepsOf({ settings, pool, secrets, egress, providers, databases }) }),
    isTemporalUp: temporal.isUp,
    adapters,
    triggers,
    channels: createServices(channelOptions, { ...receive, openSecret: secrets.open }),
    stop: async () => {
      await Promise.all([polling.stop(), mail.stop(), files.stop(), scheduler.stop(), triggers.stop(), repairs.stop(), activity.stop()]);
      // While the ringer can still ask for the starts of what is handed over.
      await execution?.express.drain();
      await Promise.all([ringer.stop(), dispatcher.stop()]);
      if (!execution) await lease.stop();
      await temporal.close();
    },
  };
}

/** On a connection of its own, so that a beat never waits behind the work. */
function startOwnLease(databaseUrl: string, log: Logger, handOvers: Tally): Lease {
  const pool = createPool(databaseUrl, { name: 'holdfast-lease', max: 1, statementTimeoutMs: 2_500 });
  const lease = startLease({ pool, kind: 'server', log, facts: () => ({ handOvers: handOvers.read() }) });
  return { ...lease, stop: () => lease.stop().then(() => pool.end()) };
}

const apiUrlsOf = ({ telegramApiUrl, whatsappApiUrl, twilioApiUrl }: ServerSettings): ChannelOptions['apiUrls'] => ({
  telegram: telegramApiUrl,
  whatsapp: whatsappApiUrl,
  twilio: twilioApiUrl,
});

/** What trying one step needs; the worker has its own. */
function tryDepsOf({
  settings,
  pool,
  secrets,
  egress,
  providers,
  databases,
}: Pick<Given, 'settings' | 'pool' | 'secrets' | 'egress' | 'providers' | 'databases'>): TryDeps {
  const opening = { pool, secrets };
  const llm = createLlm({
    credentials: { find: (workspaceId, kind, id) => findOpenCredential(opening, workspaceId, kind, id) },
    fetchFor: egress.fetchFor,
    prices: async (workspaceId) =>
      z
        .array(modelPrice)
        .catch([])
        .parse((await loadSettings(pool, workspaceId))['prices'] ?? []),
    record: (call) => insertLlmCall(pool, call),
    guard: (call, ...around) => providers.guard({ ...call, isTrial: true }, ...around),
    baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl },
  });
  return {
    pool,
    catalog,
    runners,
    egress,
    providers,
    databases,
    llm,
    together: createTogether(pool),
    openCredential: createCredentials({ ...opening, egress }).open,
    store: { findCommonAnswer: (workspaceId, question, language) => findCommonAnswer(pool, workspaceId, question, language) },
  };
}
