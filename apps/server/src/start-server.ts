import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createPool } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import { catalog } from '@holdfast/nodes/catalog';
import { createSecrets } from '@holdfast/secrets';
import { pino, type Logger } from 'pino';
import { startAlertSender } from './alerts/alert-sender.ts';
import { sendAlert } from './alerts/send-alert.ts';
import { createApp } from './app.ts';
import { createAuth } from './auth/auth.ts';
import { createChannelActions } from './channel-actions.ts';
import type { ServerDeps } from './deps.ts';
import { createLiveHub } from './live/live-hub.ts';
import { createMetrics } from './metrics.ts';
import { testCredential } from './probes/test-credential.ts';
import { readServerSettings, type ServerSettings } from './server-settings.ts';
import { ownerFromEnvironment } from './setup/owner-from-environment.ts';
import { ensureWorkspace } from './setup/new-workspace.ts';
import { startRunSide, type TemporalAccess } from './run-side.ts';

export interface StartServerOptions {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace?: string;
  /** 0 takes a free one. */
  port: number;
  /** The interface to listen on; this machine alone when left out. */
  host?: string;
  dataDir: string;
  /** The built editor; without it the API is served alone. */
  editorDir?: string;
  /** Where the bundled demo service listens; new workspaces get it as a variable. */
  demoUrl?: string;
  /** The worker's connection in the all-in-one process, so that starts can be eager. */
  temporal?: TemporalAccess;
  logger?: Logger;
  /** In tests: an answer that doesn't fit its schema is an error. */
  validatesResponses?: boolean;
  environment?: NodeJS.ProcessEnv;
}

export interface RunningServer {
  url: string;
  /** Takes nothing new, lets calls under way end (5 s at most), and closes what it opened. */
  stop: () => Promise<void>;
}

export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const settings = readServerSettings(options.environment ?? process.env);
  const logger = options.logger ?? pino({ level: settings.logLevel });
  const pool = createPool(options.databaseUrl, { name: 'holdfast-server' });
  const secrets = createSecrets(settings.secretKey === null ? { dataDir: options.dataDir } : { key: settings.secretKey });
  const egress = createEgress({ allow: settings.egressAllow });
  const live = createLiveHub(options.databaseUrl);
  const channels = createChannelActions(egress, settings.telegramApiUrl);
  const runSide = await startRunSide({ ...options, settings, logger, pool, secrets, egress, channels });
  const alertDeps = { pool, secrets, egress, channels, publicUrl: settings.publicUrl };
  const deps: ServerDeps = {
    pool, secrets, catalog, channels, live, logger,
    auth: createAuth({ pool, secret: secrets.derive('sessions'), publicUrl: settings.publicUrl }),
    runs: runSide.actions,
    isTemporalUp: runSide.isTemporalUp,
    probes: { credential: ({ workspaceId, id }) => testCredential({ pool, secrets, egress, baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl } }, workspaceId, id) },
    alerts: { test: (route) => testAlert(alertDeps, route) },
    metrics: createMetrics(pool, () => live.streams()),
    publicUrl: settings.publicUrl,
    demoUrl: options.demoUrl ?? null,
    version: readVersion(),
    now: () => new Date(),
  };
  await ensureWorkspace(deps);
  await ownerFromEnvironment(deps, settings);
  const alertSender = startAlertSender({ ...alertDeps, logger });
  const app = createApp(deps, { editorDir: options.editorDir ?? null, trustedOrigins: originsOf(settings), validatesResponses: options.validatesResponses ?? false });
  const server = await listen(app, options);
  return {
    url: urlOf(server, options.host),
    stop: async () => {
      const closed = closeServer(server);
      await live.close();
      await closed;
      await alertSender.stop();
      await runSide.stop();
      await egress.close();
      await pool.end();
    },
  };
}

async function testAlert(deps: Parameters<typeof sendAlert>[0], route: Parameters<ServerDeps['alerts']['test']>[0]): Promise<{ ok: boolean; detail: string }> {
  try {
    await sendAlert(deps, { ...route, event: 'test', subject: 'test', title: 'A test from Holdfast', detail: 'When you read this, alerts arrive here.', link: '/settings', at: new Date().toISOString() });
    return { ok: true, detail: 'Sent. Look whether it arrived.' };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function listen(app: ReturnType<typeof createApp>, { port, host }: StartServerOptions): Promise<Server> {
  // Slow or stuck clients are cut: headers within 10 s, the whole request within 30 s, idle connections after 15 s.
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 }, app);
  server.maxRequestsPerSocket = 10_000;
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host ?? '127.0.0.1', resolve);
  });
  return server;
}

/** What isn't HTTP never reaches a route; the answer is a problem all the same. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : [400, 'Bad Request'];
  const body = JSON.stringify({ code: 'request.malformed', title: 'We could not read this request', detail: reason, status, requestId: 'none' });
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(cut);
}

function urlOf(server: Server, host: string | undefined): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const name = host === undefined || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}

const originsOf = (settings: ServerSettings): string[] => (settings.publicUrl === null ? [] : [new URL(settings.publicUrl).origin]);

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : '0';
}
