import { createServer, request as call, type IncomingMessage, type ServerResponse } from 'node:http';
import { closed, listen } from './listen.ts';
import { createRandom } from './telegram/random.ts';

/** `cut-after`: it is done, and the answer never arrives. */
export type Trouble = 'limited' | 'broken' | 'unavailable' | 'cut-before' | 'cut-after';

export interface TroubleOptions {
  /** Where the service itself answers. */
  target: string;
  seed: number;
  /** Which troubles there are, each as likely as the others. */
  troubles?: readonly Trouble[];
  /** How the provider words its refusals; a number of seconds in `retry-after` where it tells one. */
  words?:
    | Partial<Record<'limited' | 'broken' | 'unavailable', { status: number; body: object | string; headers?: Record<string, string> }>>
    | undefined;
  /** Calls that are never troubled: those of the watcher. */
  spares?: (path: string) => boolean;
}

/** A bad way to a service, on a real socket: the service itself stays as it is. */
export interface TroubledFront {
  url: string;
  port: number;
  /** Which part of the calls goes wrong, from 0 to 1. */
  share: (share: number) => void;
  /** Cuts every connection, as when nothing is there. */
  down: () => void;
  up: () => void;
  readonly counts: Readonly<Record<Trouble | 'passed' | 'down', number>>;
  close: () => Promise<void>;
}

const plainWords = {
  limited: { status: 429, body: { error: 'Too many requests' }, headers: { 'retry-after': '1' } },
  broken: { status: 500, body: { error: 'Internal Server Error' } },
  unavailable: { status: 503, body: '<html><h1>503 Service Unavailable</h1></html>' },
};

export async function startTroubledFront({ target, seed, words = {}, spares, ...given }: TroubleOptions): Promise<TroubledFront> {
  const troubles = given.troubles ?? ['limited', 'broken', 'unavailable', 'cut-before', 'cut-after'];
  const random = createRandom(seed);
  const counts = { passed: 0, down: 0, limited: 0, broken: 0, unavailable: 0, 'cut-before': 0, 'cut-after': 0 };
  const state = { share: 0, isDown: false };
  const troubleOf = (path: string): Trouble | null =>
    spares?.(path) === true || random() >= state.share ? null : (troubles[Math.floor(random() * troubles.length)] ?? null);
  const server = createServer((request, response) => {
    if (state.isDown) {
      counts.down += 1;
      return void request.socket.destroy();
    }
    const trouble = troubleOf(request.url ?? '/');
    counts[trouble ?? 'passed'] += 1;
    if (trouble === 'cut-before') return void request.socket.destroy();
    if (trouble === null || trouble === 'cut-after') return pass(target, { request, response, isCut: trouble === 'cut-after' });
    const { status, body, headers } = { headers: {}, ...plainWords[trouble], ...words[trouble] };
    const isText = typeof body === 'string';
    request.resume();
    request.on('end', () =>
      response
        .writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
        .end(isText ? body : JSON.stringify(body)),
    );
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    share: (share) => {
      state.share = share;
    },
    down: () => {
      state.isDown = true;
      server.closeAllConnections();
    },
    up: () => {
      state.isDown = false;
    },
    counts,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface Passing {
  request: IncomingMessage;
  response: ServerResponse;
  isCut: boolean;
}

function pass(target: string, { request, response, isCut }: Passing): void {
  const { host: _host, ...headers } = request.headers;
  const onward = call(new URL(request.url ?? '/', target), { method: request.method, headers, agent: false }, (answer) => {
    if (isCut) {
      answer.resume();
      answer.on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => request.socket.destroy());
  request.pipe(onward);
}
