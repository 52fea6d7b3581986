import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { closed, listen } from './listen.ts';

/** What the service does with one request. */
export type Reply =
  | {
      status?: number;
      body?: string | Buffer | object;
      headers?: Record<string, string | string[]>;
      afterMs?: number;
      /** Not before this. */ after?: Promise<void>;
    }
  /** Reads the request and never answers. */
  | 'hang'
  /** Reads the request and cuts the connection without a word: it may have been carried out. */
  | 'cut'
  /** Answers something that is no HTTP. */
  | 'garbage'
  /** Starts an answer and cuts in the middle of its body. */
  | 'half'
  /** One byte every 50 ms, without end. */
  | 'drip'
  /** A body without end, as fast as it is read. */
  | 'endless'
  /** 1 GB of zeros in about 1 MB. */
  | 'bomb'
  /** Headers of 1 MB. */
  | 'headers';

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  at: number;
}

export interface HttpService {
  host: string;
  port: number;
  url: string;
  /** In the order they were read to their end. */
  readonly received: readonly Received[];
  /** Says what `METHOD /path` (or `/path` for all methods) answers: one reply per request, the last one for ever. */
  on: (route: string, ...replies: (Reply | ((request: Received) => Reply))[]) => void;
  close: () => Promise<void>;
}

/** An HTTP service on a real socket that fails exactly as told. Unknown paths answer 404. */
export async function startHttpService({ host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {}): Promise<HttpService> {
  const plans = new Map<string, (Reply | ((request: Received) => Reply))[]>();
  const received: Received[] = [];
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    void readText(request).then((body) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const call = { method: request.method ?? '', path: request.url ?? '/', headers: request.headers, body, at: Date.now() };
      received.push(call);
      const plan = plans.get(`${request.method} ${path}`) ?? plans.get(path) ?? [{ status: 404, body: { error: 'unknown path' } }];
      const reply = plan.length > 1 ? plan.shift() : plan[0];
      return answer(response, (typeof reply === 'function' ? reply(call) : reply) ?? {});
    });
  });
  const actualPort = await listen(server, host, port);
  return {
    host,
    port: actualPort,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    received,
    on: (route, ...replies) => plans.set(route, replies),
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'string') return misbehave[reply](response);
  const { status = 200, body = '', headers = {}, afterMs = 0 } = reply;
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const send = () => {
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
  if (reply.after) void reply.after.then(send);
  else if (afterMs === 0) send();
  else setTimeout(send, afterMs);
}

const misbehave: Record<Extract<Reply, string>, (response: ServerResponse) => void> = {
  hang: () => undefined,
  cut: (response) => response.socket?.destroy(),
  garbage: (response) => response.socket?.end('no HTTP at all\r\n\r\n\0\0\0'),
  half: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"half":', () => response.socket?.destroy());
  },
  drip: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
  },
  endless: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const pump = () => {
      while (!response.destroyed && response.write(chunk));
      response.once('drain', pump);
    };
    pump();
  },
  bomb: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(bomb());
  },
  headers: (response) => {
    response.socket?.end(
      `HTTP/1.1 200 OK\r\n${Array.from({ length: 128 }, (_, index) => `x-${index}: ${'y'.repeat(8_192)}`).join('\r\n')}\r\n\r\n`,
    );
  },
};

let packedZeros: Buffer | undefined;
// Ten packs of 100 MB in a row are one valid gzip body.
function bomb(): Buffer {
  if (packedZeros) return packedZeros;
  const one = gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 });
  return (packedZeros = Buffer.concat(Array.from({ length: 10 }, () => one)));
}
