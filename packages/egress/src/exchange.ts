import type { Agent, Dispatcher } from 'undici';
import { HoldfastError, say } from '@holdfast/errors';
import { AttemptOver, type Deadline } from './deadline.ts';
import type { Limits } from './limits.ts';

export interface ExchangeRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Buffer | null;
  agent: Agent;
  limits: Limits;
  deadline: Deadline;
  /** Called when the first byte is about to be written: from then on nobody can know by looking at us. */
  onWriting: () => void;
}

export interface Exchange {
  status: number;
  headers: Record<string, string>;
  /** As it came, still packed. */
  body: Buffer;
}

/** One request and its answer on one connection. No retry, no redirect, and an end in any case. */
export function exchange(request: ExchangeRequest): Promise<Exchange> {
  const { url, method, agent, limits, deadline } = request;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let over: Error | null = null;
    const collected = collectBody(limits.bodyBytes, url.host);
    const fail = (error: Error) => {
      over ??= error;
      deadline.onOver(null);
      controller?.abort(error);
      reject(error);
    };
    const answer = { status: 0, headers: {} as Record<string, string> }; // an empty literal would be typed as having no keys
    deadline.onOver((reason) => fail(new AttemptOver(reason)));
    if (over !== null) return;
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: request.headers,
        body: request.body,
        headersTimeout: limits.headersMs,
        bodyTimeout: limits.idleMs,
      },
      {
        onRequestStart: (started) => {
          controller = started;
          if (over === null) request.onWriting();
          else started.abort(over);
        },
        onResponseStart: (_controller, status, headers) => {
          if (status < 200) return;
          answer.status = status;
          answer.headers = joinHeaders(headers);
        },
        onResponseData: (_controller, chunk) => {
          const problem = collected.add(chunk);
          if (problem !== null) fail(problem);
        },
        onResponseEnd: () => {
          deadline.onOver(null);
          resolve({ ...answer, body: collected.bytes() });
        },
        onResponseError: (_controller, error) => fail(error),
      },
    );
  });
}

function collectBody(limit: number, host: string) {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk: Buffer): HoldfastError | null => {
      size += chunk.length;
      if (size > limit) return tooLarge(host, limit);
      chunks.push(chunk);
      return null;
    },
    bytes: () => Buffer.concat(chunks, size),
  };
}

export const tooLarge = (host: string, limit: number): HoldfastError =>
  new HoldfastError('upstream.too-large', {
    detail: say`${host} answered with more than ${Math.round(limit / 1024 / 1024)} MB, so we stopped reading.`,
    hint: 'Ask the service for less: a filter, a page, or fewer fields.',
  });

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
