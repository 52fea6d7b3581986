import { createAgentDesk, createAgentLine } from '@holdfast/agents';
import { sendTelegramNotice } from '@holdfast/channels';
import { createPool, moveDemoService } from '@holdfast/db';
import { createDatabases } from '@holdfast/databases';
import { createEgress } from '@holdfast/egress';
import { catalog } from '@holdfast/nodes/catalog';
import { createProviders } from '@holdfast/providers';
import { createCredentials, createSecrets } from '@holdfast/secrets';
import type { Express } from 'express';
import { pino, type Logger } from 'pino';
import { startAlertSender } from './alerts/alert-sender.ts';
import { sendAlert, type AlertDeps } from './alerts/send-alert.ts';
import { createApp } from './app.ts';
import { createAuth } from './auth/auth.ts';
import { startBackups } from './backups/start-backups.ts';
import type { ServerDeps } from './deps.ts';
import { createLiveHub, type LiveHub } from './live/live-hub.ts';
import { startMirrors } from './mirror/start-mirrors.ts';
import { createMetrics } from './metrics.ts';
import { noteProbe, startProbes } from './probes/start-probes.ts';
import { probeCredential, testCredential } from './probes/test-credential.ts';
import { readVersion } from './read-version.ts';
import { startRetention } from './retention/start-retention.ts';
import { startRunSide, type RunSide, type RunSideOptions } from './run-side.ts';
import { readServerSettings, type ServerSettings } from './server-settings.ts';
import { ensureWorkspace } from './setup/new-workspace.ts';
import { ownerFromEnvironment } from './setup/owner-from-environment.ts';

export interface ComposeOptions extends RunSideOptions {
  databaseUrl: string;
  dataDir: string;
  /** The built editor; without it the API is served alone. */
  editorDir?: string;
  /** Where the bundled demo service listens; new workspaces get it as a variable. */
  demoUrl?: string;
  logger?: Logger;
  /** Whether connections and expected activity are looked after by themselves; tests that count calls say no. */
  watches?: boolean;
  /** In tests: an answer that doesn't fit its schema is an error. */
  validatesResponses?: boolean;
  environment?: NodeJS.ProcessEnv;
}

export interface ComposedServer {
  app: Express;
  deps: ServerDeps;
  /** Ends the live streams, so that the HTTP server can close. */
  closeStreams: () => Promise<void>;
  stop: () => Promise<void>;
}

/** What must be there before anybody can call. */
async function prepare(deps: Parameters<typeof ensureWorkspace>[0], settings: ServerSettings): Promise<void> {
  await ensureWorkspace(deps);
  if (deps.demoUrl !== null) await moveDemoService(deps.pool, deps.demoUrl);
  await ownerFromEnvironment(deps, settings);
}

/** Everything of the server but its socket, running: ringer, pollers, dispatcher, alerts. */
export async function composeServer(options: ComposeOptions): Promise<ComposedServer> {
  const ground = await openGround(options);
  const { settings, logger, pool, secrets, agentDesk, egress, providers, databases } = ground;
  const live = createLiveHub(options.databaseUrl);
  const runSide = startRunSide({ options, settings, logger, pool, secrets, egress, providers, databases });
  const helpers = startHelpers(ground, { databaseUrl: options.databaseUrl, process: runSide.process });
  const alertDeps = alertDepsOf(ground);
  const probeDeps = probeDepsOf(ground);
  const deps: ServerDeps = {
    ...depsOf(ground, { live, runSide, alertDeps, probeDeps }),
    backups: helpers.backups,
    mirrors: helpers.mirrors,
    demoUrl: options.demoUrl ?? null,
  };
  const watching = startWatching({ pool, logger, alertDeps, probeDeps, probes: options.watches !== false });
  return {
    app: createApp(deps, {
      editorDir: options.editorDir ?? null,
      trustedOrigins: originsOf(settings),
      validatesResponses: options.validatesResponses ?? false,
    }),
    deps,
    closeStreams: async () => {
      await Promise.all([live.close(), agentDesk.close()]);
    },
    stop: async () => {
      await Promise.all([watching.stop(), helpers.stop()]);
      await providers.close();
      await runSide.stop();
      await databases.close();
      await egress.close();
      await ground.close();
    },
  };
}

type Ground = Awaited<ReturnType<typeof openGround>>;

/** What everything else is made of. */
async function openGround(options: ComposeOptions) {
  const settings = readServerSettings(options.environment ?? process.env);
  const logger = options.logger ?? pino({ level: settings.logLevel });
  const secrets = createSecrets({ secretKey: settings.secretKey, dataDir: options.dataDir });
  const pool = createPool(options.databaseUrl, { name: 'holdfast-server', statementTimeoutMs: 15_000 });
  const agentLine = createAgentLine({ pool, secrets });
  const agentDesk = createAgentDesk({ pool, secrets });
  const egress = createEgress({ allow: settings.egressAllow, carry: agentLine.carry });
  await prepare({ pool, catalog, demoUrl: options.demoUrl ?? null }, settings).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  return {
    settings,
    logger,
    secrets,
    pool,
    agentDesk,
    egress,
    providers: createProviders({ pool, egress }),
    databases: createDatabases(egress),
    version: readVersion(),
    close: async () => {
      await Promise.all([agentLine.close(), agentDesk.close()]);
      await pool.end();
    },
  };
}

/** Backups and mirrors, which people start and which go by the clock. */
function startHelpers(
  { pool, secrets, egress, logger, version }: Ground,
  { databaseUrl, process }: { databaseUrl: string; process: string },
) {
  const backups = startBackups({ pool, secrets, databaseUrl, version, process, logger });
  const mirrors = startMirrors({ pool, secrets, vet: egress.vet, process, logger });
  return { backups, mirrors, stop: () => Promise.all([backups.stop(), mirrors.stop()]) };
}

type ProbeDeps = Parameters<typeof probeCredential>[0];
interface Watched extends Pick<Ground, 'pool' | 'logger'> {
  alertDeps: AlertDeps;
  probeDeps: ProbeDeps;
  /** Whether connections are tried by themselves. */
  probes: boolean;
}

/** What nobody asks for: alerts, the end of what was kept long enough, and whether connections still work. */
function startWatching({ pool, logger, alertDeps, probeDeps, probes }: Watched): { stop: () => Promise<unknown> } {
  const alertSender = startAlertSender({ ...alertDeps, logger });
  const retention = startRetention({ pool, logger });
  const probe = (workspaceId: string, id: string) => probeCredential(probeDeps, workspaceId, id);
  const probing = probes ? startProbes({ pool, logger, probe }) : null;
  return { stop: () => Promise.all([alertSender.stop(), retention.stop(), probing?.stop()]) };
}

const alertDepsOf = ({ pool, secrets, egress, settings }: Ground): AlertDeps => ({
  pool,
  secrets,
  egress,
  sendTelegramText: ({ token, chat, text }) =>
    sendTelegramNotice({ egress, apiUrl: settings.telegramApiUrl }, { name: 'Telegram', config: {}, secret: token }, chat, text),
  publicUrl: settings.publicUrl,
});

const probeDepsOf = ({ pool, secrets, egress, databases, providers, settings }: Ground): ProbeDeps => ({
  credentials: createCredentials({ pool, secrets, egress }),
  egress,
  databases,
  providers,
  baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl },
});

interface Made {
  live: LiveHub;
  runSide: RunSide;
  alertDeps: AlertDeps;
  probeDeps: ProbeDeps;
}

/** What routes are given, but for what has a life of its own. */
const depsOf = (
  { pool, agentDesk, secrets, logger, settings, egress, version }: Ground,
  { live, runSide, alertDeps, probeDeps }: Made,
): Omit<ServerDeps, 'backups' | 'mirrors' | 'demoUrl'> => ({
  pool,
  agents: agentDesk,
  secrets,
  catalog,
  live,
  logger,
  channels: runSide.channels,
  adapters: runSide.adapters,
  auth: createAuth({ pool, secret: secrets.derive('sessions'), publicUrl: settings.publicUrl }),
  runs: runSide.actions,
  triggers: runSide.triggers,
  isTemporalUp: runSide.isTemporalUp,
  probes: {
    credential: async ({ workspaceId, id }) => {
      const tried = await testCredential(probeDeps, workspaceId, id);
      await noteProbe(pool, { workspaceId, id, tried });
      return { ok: tried.state === 'ok', detail: String(tried.detail) };
    },
  },
  egress,
  alerts: { test: (route) => testAlert(alertDeps, route) },
  metrics: createMetrics(pool, () => live.streams()),
  publicUrl: settings.publicUrl,
  version,
  now: () => new Date(),
});

async function testAlert(
  deps: Parameters<typeof sendAlert>[0],
  route: Parameters<ServerDeps['alerts']['test']>[0],
): Promise<{ ok: boolean; detail: string }> {
  try {
    await sendAlert(deps, {
      ...route,
      event: 'test',
      subject: 'test',
      title: 'A test from Holdfast',
      detail: 'When you read this, alerts arrive here.',
      link: '/settings',
      at: new Date().toISOString(),
    });
    return { ok: true, detail: 'Sent. Look whether it arrived.' };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

const originsOf = (settings: ServerSettings): string[] => (settings.publicUrl === null ? [] : [new URL(settings.publicUrl).origin]);
