import { createAdapters, type Adapters, type ChannelOptions, type ChannelServices } from '@holdfast/channels';
import { createPool, type Pool } from '@holdfast/db';
import type { Databases } from '@holdfast/databases';
import { createDelivery } from '@holdfast/delivery';
import type { Egress } from '@holdfast/egress';
import type { Providers } from '@holdfast/providers';
import { catalog } from '@holdfast/nodes/catalog';
import {
  createResultWaiters,
  createRinger,
  createTally,
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
} from '@holdfast/runs';
import type { Secrets } from '@holdfast/secrets';
import type { Logger } from 'pino';
import type { RunActions } from './deps.ts';
import { createRunActions } from './run-actions.ts';
import type { ServerSettings } from './server-settings.ts';
import { startReceiving } from './start-receiving.ts';
import { connectTemporal, type TemporalAccess } from './temporal-access.ts';
import { startTriggerSide, type TriggerSide } from './triggers/trigger-side.ts';
import { tryDepsOf } from './try-deps.ts';

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

/** What the run side is made of. */
export interface RunSideGiven {
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
export function startRunSide(given: RunSideGiven): RunSide {
  const { options, pool } = given;
  const { execution } = options;
  const temporal = options.temporal ?? connectTemporal(temporalOf(given));
  const handOvers = execution?.handOvers ?? createTally();
  const lease = execution?.lease ?? startOwnLease(options.databaseUrl, given.logger, handOvers);
  const channels: ChannelOptions = { egress: given.egress, apiUrls: apiUrlsOf(given.settings), guard: given.providers.guard };
  const adapters = createAdapters(channels);
  const { delivery, dispatcher } = startDelivering(given, { adapters, process: lease.process });
  const waiters = createResultWaiters(pool);
  const lanes = { express: execution?.express ?? null, forcedLane: given.settings.forcedLane, handOvers };
  const base = { pool, catalog, log: given.logger, ...lanes };
  const ringer = createRinger({
    ...base,
    temporal: temporal.client,
    eager: options.eager ?? null,
    onHumanSend: dispatcher.ring,
    onEnded: waiters.ended,
    onSomeEnded: waiters.look,
  });
  execution?.useBell(ringer.bell);
  const runs: RunsDeps = { ...base, bell: ringer.bell };
  const minding = startMinding(given, { runs, process: lease.process });
  const receiving = startReceiving(given, { runs, channels, adapters, process: lease.process });
  return {
    process: lease.process,
    actions: createRunActions({ runs, waiters, delivery, tryDeps: tryDepsOf(given) }),
    isTemporalUp: temporal.isUp,
    adapters,
    triggers: minding.triggers,
    channels: receiving.services,
    stop: async () => {
      await Promise.all([receiving.stop(), minding.stop()]);
      // While the ringer can still ask for the starts of what is handed over.
      await execution?.express.drain();
      await Promise.all([ringer.stop(), dispatcher.stop()]);
      if (!execution) await lease.stop();
      await temporal.close();
    },
  };
}

const temporalOf = ({ options, settings }: RunSideGiven): Parameters<typeof connectTemporal>[0] => ({
  address: options.temporalAddress,
  namespace: options.temporalNamespace ?? 'default',
  apiKey: settings.temporalApiKey,
  tls: settings.temporalTls,
});

/** What goes out: the steps' sends, and what people write. */
function startDelivering(
  { pool, secrets, logger, providers }: RunSideGiven,
  { adapters, process }: { adapters: Adapters; process: string },
) {
  const delivery = createDelivery({ pool, adapters, openSecret: secrets.open, process, log: logger, gate: providers.sends });
  return { delivery, dispatcher: delivery.startDispatcher() };
}

/** What begins runs, or looks after them, by itself. */
function startMinding({ pool, secrets, egress, settings }: RunSideGiven, { runs, process }: { runs: RunsDeps; process: string }) {
  const scheduler = startScheduler(runs);
  const triggers = startTriggerSide({ pool, secrets, egress, runs, process, publicUrl: settings.publicUrl });
  const repairs = startRepairs(runs);
  const activity = startActivityChecks(runs);
  return {
    triggers,
    stop: () => Promise.all([scheduler.stop(), triggers.stop(), repairs.stop(), activity.stop()]),
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
