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
import { createLiveHub } from './live/live-hub.ts';
import { startMirrors } from './mirror/start-mirrors.ts';
import { createMetrics } from './metrics.ts';
import { noteProbe, startProbes } from './probes/start-probes.ts';
import { probeCredential, testCredential } from './probes/test-credential.ts';
import { readVersion } from './read-version.ts';
import { startRetention } from './retention/start-retention.ts';
import { startRunSide, type RunSideOptions } from './run-side.ts';
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
  const live = createLiveHub(options.databaseUrl);
  const providers = createProviders({ pool, egress });
  const databases = createDatabases(egress);
  const runSide = startRunSide({ options, settings, logger, pool, secrets, egress, providers, databases });
  const alertDeps: AlertDeps = {
    pool,
    secrets,
    egress,
    sendTelegramText: ({ token, chat, text }) =>
      sendTelegramNotice({ egress, apiUrl: settings.telegramApiUrl }, { name: 'Telegram', config: {}, secret: token }, chat, text),
    publicUrl: settings.publicUrl,
  };
  const version = readVersion();
  const credentials = createCredentials({ pool, secrets, egress });
  const backups = startBackups({ pool, secrets, databaseUrl: options.databaseUrl, version, process: runSide.process, logger });
  const mirrors = startMirrors({ pool, secrets, vet: egress.vet, process: runSide.process, logger });
  const probeDeps = {
    credentials,
    egress,
    databases,
    providers,
    baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl },
  };
  const deps: ServerDeps = {
    pool,
    agents: agentDesk,
    backups,
    mirrors,
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
    demoUrl: options.demoUrl ?? null,
    version,
    now: () => new Date(),
  };
  const alertSender = startAlertSender({ ...alertDeps, logger });
  const retention = startRetention({ pool, logger });
  const probe = (workspaceId: string, id: string) => probeCredential(probeDeps, workspaceId, id);
  const probing = options.watches === false ? null : startProbes({ pool, logger, probe });
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
      await Promise.all([alertSender.stop(), backups.stop(), mirrors.stop(), retention.stop(), probing?.stop()]);
      await providers.close();
      await runSide.stop();
      await databases.close();
      await egress.close();
      await Promise.all([agentLine.close(), agentDesk.close()]);
      await pool.end();
    },
  };
}

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
