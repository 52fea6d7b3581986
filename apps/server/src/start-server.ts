import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { composeServer, type ComposeOptions } from './compose-server.ts';

export interface StartServerOptions extends ComposeOptions {
  /** 0 takes a free one. */
  port: number;
  /** The interface to listen on; this machine alone when left out. */
  host?: string;
}

export interface RunningServer {
  url: string;
  /** Takes nothing new, lets calls under way end (5 s at most), and closes what it opened. */
  stop: () => Promise<void>;
}

/** The server process: editor, API and hooks on one port, and everything that keeps runs going. The database must be migrated. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const composed = await composeServer(options);
  const server = await listen(composed.app, options).catch(async (error: unknown) => {
    await composed.closeStreams();
    await composed.stop();
    throw error;
  });
  return {
    url: urlOf(server, options.host),
    stop: async () => {
      const closed = closeServer(server);
      await composed.closeStreams();
      await closed;
      await composed.stop();
    },
  };
}

async function listen(app: Express, { port, host }: StartServerOptions): Promise<Server> {
  // Slow or stuck clients are cut: headers within 10 s, the whole request within 70 s, idle connections after 15 s.
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 70_000, keepAliveTimeout: 15_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
    app,
  );
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
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = JSON.stringify({
    code: 'request.malformed',
    title: 'We could not read this request',
    detail: reason,
    status,
    requestId: 'none',
  });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
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
